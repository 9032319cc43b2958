"""A long list in pages, as macros/ui.html `pagination` expects it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Item]):
    """One page of a list in memory; a page beyond the last one is the last one."""

    everything: Sequence[Item]
    wanted: int = 1
    size: int = 20

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-len(self.everything) // self.size))

    @property
    def page(self) -> int:
        """The number of this page, from 1."""
        return min(max(1, self.wanted), self.pages)

    @property
    def items(self) -> Sequence[Item]:
        """What this page shows."""
        return self.everything[(self.page - 1) * self.size : self.page * self.size]

    @property
    def has_prev(self) -> bool:
        """Whether a page comes before."""
        return self.page > 1

    @property
    def prev_num(self) -> int:
        """The page before."""
        return self.page - 1

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.page < self.pages

    @property
    def next_num(self) -> int:
        """The page after."""
        return self.page + 1

    def iter_pages(self) -> Iterator[int | None]:
        """The numbers to show: the ends, this page and its neighbours, None for a gap."""
        shown = [n for n in range(1, self.pages + 1) if n in {1, self.pages} or abs(n - self.page) <= 1]
        before = 0
        for number in shown:
            if number > before + 1:
                yield None
            yield number
            before = number
