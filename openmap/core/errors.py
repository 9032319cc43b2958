"""Facts that stop an action; each tells the user what to do and the developer what happened."""

from typing import ClassVar

from openmap.core.text import mark


class RuleBroken(Exception):
    """A rule forbids the action and nothing was changed.

    `message` is a French sentence marked for translation, with `%(name)s` places filled from `facts`.
    `field` names the form field the sentence belongs to, if any; `status` is the HTTP answer.
    """

    message: ClassVar[str]
    field: ClassVar[str | None] = None
    status: ClassVar[int] = 422

    def __init__(self, **facts: object) -> None:
        super().__init__(self.message % facts if facts else self.message)
        self.facts = facts


class Conflict(RuleBroken):
    """The state changed meanwhile: what was asked no longer applies (HTTP 409)."""

    status: ClassVar[int] = 409


class RowGone(Conflict):
    """Another request deleted the row after this one had read it."""

    message = mark("Quelqu’un vient de retirer ce que vous vouliez changer, peut-être vous dans une autre fenêtre.")
