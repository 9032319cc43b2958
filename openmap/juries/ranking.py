"""The files of a call in the order of the jury, before and after normalisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openmap.core.text import mark, plain
from openmap.juries.verdicts import NO_VERDICT, Verdict
from openmap.pitches.models import PitchApplication, PitchCall

ORDERS: Mapping[str, str] = {
    "rank": mark("Par rang"),
    "disputed": mark("Les plus discutés d’abord"),
    "name": mark("Par structure"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One file: its verdict, and its rank by the plain and by the normalised mean; None for one nobody scored."""

    file: PitchApplication
    verdict: Verdict
    rank: int | None
    plain_rank: int | None
    normalised_rank: int | None

    @property
    def name(self) -> str:
        """By what the list is searched and sorted."""
        return plain(self.file.registration.organisation.name)


def ranked(call: PitchCall, files: Sequence[PitchApplication], verdicts: Mapping[int, Verdict]) -> Sequence[Row]:
    """Every file with its ranks, the best first and those nobody scored last; equal values share a rank."""
    said = {file.id: verdicts.get(file.id, NO_VERDICT) for file in files}
    plain_ranks = _ranks({key: one.mean for key, one in said.items()})
    normalised_ranks = _ranks({key: one.normalised for key, one in said.items()})
    ranks = normalised_ranks if call.is_normalised else plain_ranks
    rows = [
        Row(file, said[file.id], ranks.get(file.id), plain_ranks.get(file.id), normalised_ranks.get(file.id))
        for file in files
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.name, row.file.id))


def in_order(rows: Sequence[Row], order: str) -> Sequence[Row]:
    """The same rows in another order; a word that is none leaves them by rank."""
    if order == "disputed":
        return sorted(rows, key=lambda row: -(row.verdict.spread if row.verdict.spread is not None else -1.0))
    if order == "name":
        return sorted(rows, key=lambda row: (row.name, row.file.id))
    return rows


def _ranks(values: Mapping[int, float | None]) -> Mapping[int, int]:
    known = sorted((value for value in values.values() if value is not None), reverse=True)
    return {key: known.index(value) + 1 for key, value in values.items() if value is not None}
