"""What an organiser picked from the long lists of a proposal: kept in the address, shown in pages of twenty."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openmap.allocation.models import UnmetRequest
from openmap.allocation.paging import ListPage
from openmap.allocation.publication import Change, Draft, mail_for
from openmap.core.outbox import Mail
from scheduler import Reason


@dataclass(frozen=True, slots=True)
class UnmetFilter:
    """Requests without a meeting: of one reason, with some words in the names, one page of them.

    `groups` are the first of each reason, for when nothing is picked.
    """

    reason: str
    words: str
    counts: Mapping[str, int]
    groups: Mapping[str, Sequence[UnmetRequest]]
    page: ListPage[UnmetRequest]

    @property
    def is_overview(self) -> bool:
        """Whether nothing is picked: the reasons are shown then, each folded over its first requests."""
        return not self.reason and not self.words

    @classmethod
    def read(cls, arguments: Mapping[str, str], unmet: Sequence[UnmetRequest]) -> "UnmetFilter":
        """Read the choice from the address; a reason that is none, or nowhere, means all."""
        counts = Counter(each.reason for each in unmet)
        reason = arguments.get("reason", "") if arguments.get("reason", "") in counts else ""
        words = arguments.get("q", "").strip()[:100]
        found = [each for each in unmet if reason in {"", each.reason} and _names_hold(words, each)]
        page = ListPage(found, wanted=_number(arguments.get("page", "")))
        known = {str(key): counts[key] for key in Reason if key in counts}
        groups = {key: [each for each in unmet if each.reason == key][: page.size] for key in known}
        return cls(reason, words, known, groups, page)


@dataclass(frozen=True, slots=True)
class PreviewFilter:
    """Participants concerned by a publication, with some words in the name, one page with their mails."""

    words: str
    count: int
    page: ListPage[Change]
    mails: tuple[Mail, ...]

    @classmethod
    def read(cls, arguments: Mapping[str, str], draft: Draft) -> "PreviewFilter":
        """Read the choice from the address and render the mails of that page."""
        words = arguments.get("q", "").strip()[:100]
        found = [each for each in draft.changes if _holds(words, [each.registration.title, each.registration.ref])]
        page = ListPage(found, wanted=_number(arguments.get("page", "")))
        return cls(words, len(draft.changes), page, tuple(mail_for(draft, change) for change in page.items))


def _names_hold(words: str, unmet: UnmetRequest) -> bool:
    return not words or _holds(words, [unmet.request.requester.title, unmet.request.desk.title])


def _holds(words: str, names: Iterable[str]) -> bool:
    return any(words.casefold() in name.casefold() for name in names)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
