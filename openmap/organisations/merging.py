"""Two organisations that are one: what moves, what stays, what must be solved first; then the merge.

The body that goes keeps its row, so that its number and name lead to the other and nothing of the past is deleted.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import update

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict
from openmap.core.text import mark
from openmap.organisations.delegating import keep_one_of_each
from openmap.organisations.enums import ContactRole, OrganisationKind
from openmap.organisations.models import GivenRole, MergedOrganisation, Organisation
from openmap.organisations.queries import contact_of, main_contact, surviving
from openmap.organisations.references import Move, Rename, Row, Step, carry_out, moves

LEFT_BEHIND = ("merged_organisation", "distinct_organisations")
ONE_MAIN = ("uq_contact_one_main",)
WHOLE = ("profile",)  # what an organisation says of itself is not mixed with what the other says
RENAMED = MappingProxyType({"need": "reference"})
TABLE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "registration": mark("Inscriptions"),
        "desk": mark("Délégations"),
        "contact": mark("Contacts"),
        "colleague_invitation": mark("Collègues invités"),
        "roadmap": mark("Feuilles de route"),
        "need": mark("Besoins"),
        "profile": mark("Fiches"),
        "delegation": mark("Délégations à un facilitateur"),
    }
)
OTHER_TABLES = mark("Autres informations")


class NotOneBody(Conflict):
    """A buyer and a structure are not the same body."""

    message = mark("Ces deux organismes ne participent pas au même titre : ils ne peuvent pas être réunis.")


class SolveFirst(Conflict):
    """What both have and only one may have."""

    message = mark("Ces organismes ne peuvent pas encore être réunis : réglez d’abord ce qui est signalé.")


class PreviewOutdated(Conflict):
    """The organiser saw something else."""

    message = mark("Depuis l’affichage de la page, quelque chose a changé. Relisez ce qui sera réuni, puis confirmez.")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What forbids a merge: a French sentence marked for translation, with its facts."""

    sentence: str
    facts: Mapping[str, object]


Judge = Callable[[Row, Row], Obstacle | None]
JUDGES: dict[str, Judge] = {}  # filled by the features whose rows can't just be absorbed


def judges(table: str) -> Callable[[Judge], Judge]:
    """Name the function that says whether two rows of `table`, of which one may stay, forbid a merge."""

    def kept(judge: Judge) -> Judge:
        JUDGES[table] = judge
        return judge

    return kept


@dataclass(frozen=True, slots=True)
class Preview:
    """What merging `other` into `kept` would do, in rows by words; `fingerprint` tells two previews apart."""

    kept: Organisation
    other: Organisation
    moving: Mapping[str, int]
    staying: Mapping[str, int]
    obstacles: tuple[Obstacle, ...]
    fingerprint: str


def preview_merge(kept: Organisation, other: Organisation) -> Preview:
    """Say what a merge would move and what forbids it; raises NotOneBody."""
    return _preview(kept, other, _steps(kept, other))


def merge(kept: Organisation, other: Organisation, *, seen: str, by: Person, at: datetime) -> None:
    """Give everything of `other` to `kept`; `seen` is the fingerprint of the preview that was confirmed.

    Raises NotOneBody, PreviewOutdated, SolveFirst.
    """
    for organisation in sorted((kept, other), key=lambda one: one.id):  # two merges at once wait in one order
        lock(organisation)
        if surviving(organisation) is not organisation:
            raise PreviewOutdated
    steps = _steps(kept, other)
    preview = _preview(kept, other, steps)
    if preview.fingerprint != seen:
        raise PreviewOutdated
    if preview.obstacles:
        raise SolveFirst
    _one_main_contact(kept, other)
    carry_out(steps)
    _complete(kept, other)
    keep_one_of_each(kept, other, by=by, at=at)
    session.execute(update(MergedOrganisation).where(MergedOrganisation.into_id == other.id).values(into_id=kept.id))
    session.add(MergedOrganisation(organisation_id=other.id, into_id=kept.id, merged_at=at, merged_by_id=by.id))
    moved = {step.table.name: list(step.ids) for step in steps if isinstance(step, Move)}
    audit.record(by, "organisation.merged", kept, at=at, other=other.id, name=other.name, moved=moved)


def _steps(kept: Organisation, other: Organisation) -> list[Step]:
    if kept.id == other.id or kept.kind is not other.kind:
        raise NotOneBody
    return list(
        moves(
            Organisation.metadata.tables["organisation"],
            other.id,
            kept.id,
            without=LEFT_BEHIND,
            whole={*JUDGES, *WHOLE},
            renamed=RENAMED,
            not_unique=ONE_MAIN,
        )
    )


def _preview(kept: Organisation, other: Organisation, steps: list[Step]) -> Preview:
    moving, staying = Counter[str](), Counter[str]()
    obstacles = []
    for step in steps:
        words = TABLE_WORDS.get(step.table.name, OTHER_TABLES)
        if isinstance(step, Move):
            moving[words] += len(step.ids)
        if isinstance(step, Move | Rename):
            continue
        judge = JUDGES.get(step.table.name)
        obstacle = judge(step.coming, step.present) if judge else None
        if obstacle:
            obstacles.append(obstacle)
        elif step.table.name in TABLE_WORDS:
            staying[words] += 1
    told = repr([kept.id, other.id, *map(_said, steps), *obstacles])
    return Preview(kept, other, moving, staying, tuple(obstacles), hashlib.sha256(told.encode()).hexdigest())


def _said(step: Step) -> str:
    match step:
        case Move():
            return f"{step.table.name}.{step.column.name} {step.ids} {step.into}"
        case Rename():
            return f"{step.table.name} {step.row_id} {step.value}"
        case _:
            return f"{step.table.name} {step.coming['id']} {step.present['id']}"


def _one_main_contact(kept: Organisation, other: Organisation) -> None:
    """Of two main contacts, the one that comes becomes a contact like others, with every role."""
    main = main_contact(other)
    if main is None:
        return
    kept_has_one, same = main_contact(kept) is not None, contact_of(kept, main.person)
    if same is None and not kept_has_one:
        return
    main.is_main = False
    if same is None:
        main.given_roles = [GivenRole(role=role) for role in ContactRole]
    session.flush()  # one main contact at a time
    if same is not None and not kept_has_one:
        same.is_main = True


def _complete(kept: Organisation, other: Organisation) -> None:
    """Take over the number that is missing; a structure always has its own, which leads to `kept` from now on."""
    if kept.siret is None and other.siret is not None and other.kind is not OrganisationKind.STRUCTURE:
        siret, other.siret = other.siret, None
        session.flush()
        kept.siret = siret
