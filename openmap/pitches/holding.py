"""What the features above hold on criteria and files; they say it here, since pitches know none of them."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TypeVar

from openmap.accounts.models import Person
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import PitchApplication

CountScores = Callable[[Collection[int]], Mapping[int, int]]
# The file, the state in which it stood, who withdrew it, when; called in the unit of work of the withdrawal.
FollowWithdrawal = Callable[[PitchApplication, ApplicationState, Person | None, datetime], object]

Counter = TypeVar("Counter", bound=CountScores)
Follower = TypeVar("Follower", bound=FollowWithdrawal)

_counters: list[CountScores] = []
_followers: list[FollowWithdrawal] = []


def counts_scores(counter: Counter) -> Counter:
    """Ask this function how many scores criteria have, by their keys; none of them may be lost by a change."""
    _counters.append(counter)
    return counter


def follows_withdrawals(follower: Follower) -> Follower:
    """Tell this function of each file that is withdrawn."""
    _followers.append(follower)
    return follower


def score_counts(criterion_ids: Collection[int]) -> Mapping[int, int]:
    """How many scores each criterion has, by its key."""
    found = dict.fromkeys(criterion_ids, 0)
    for counter in _counters:
        for key, count in counter(criterion_ids).items():
            found[key] = found.get(key, 0) + count
    return found


def tell_withdrawn(application: PitchApplication, was: ApplicationState, *, by: Person | None, at: datetime) -> None:
    """Let the features above do what goes with a withdrawal."""
    for follower in _followers:
        follower(application, was, by, at)
