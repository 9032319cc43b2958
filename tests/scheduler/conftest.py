"""Property tests draw the same examples at each run, and no example is failed for a slow machine."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "scheduler",
    deadline=None,  # the machine is shared; a time limit would fail tests for its neighbours' work
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("scheduler")
