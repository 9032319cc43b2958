"""The mail that tells followers of new needs, with the link that ends it."""

from collections.abc import Sequence
from datetime import date

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.roadmaps.models import Follower, Need

MOST_TOLD = 15  # the rest is on the page


def new_needs(follower: Follower, needs: Sequence[Need], *, day: date) -> Mail:
    """Tell a follower what buyers have published, the mail of `day`."""
    person = follower.person
    return render_mail(
        "new_needs",
        key=f"follower:{follower.id}:{day.isoformat()}",
        recipient=person.email,
        locale=person.locale,
        needs=needs[:MOST_TOLD],
        total=len(needs),
        token=unfollow_token(follower),
    )


def unfollow_token(follower: Follower) -> str:
    """What the link of a mail carries: good for ending this follower's mails and nothing else."""
    return str(_serializer().dumps([follower.id, follower.person_id]))


def follower_in(token: str) -> tuple[int, int] | None:
    """The follower's and the person's id in a link of ours; None for any other."""
    try:
        follower_id, person_id = _serializer().loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    return int(follower_id), int(person_id)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="roadmaps.unfollow")
