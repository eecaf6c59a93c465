"""The table of a step: rows that others than Faust write."""

from collections.abc import Iterable
from typing import Any

from faust.tables.table import Table
from faust.types import EventT

from streams.processing.ledger import offset_of


class RowTable(Table[bytes, bytes]):
    """A table of sealed rows that Faust restores and does not write.

    Faust's own `table[key] = value` leaves the changelog record in a buffer, and the offset of its event may
    be committed before the broker has it: a crash in between loses state for good. Rows are written as all
    else is (`speaking.py`), and kept here when the broker has them.

    None takes the place of one that is ahead of it. Two workers may write the rows of a partition for a
    moment: one that was suspended and wakes up, and the one that goes on in its place. They write the same,
    but the one may be further, and its rows are read back at any time: while our own are on their way, too.
    """

    def keep(self, name: str, sealed: bytes) -> None:
        """Take in a row that is written, unless what is there is ahead of it."""
        key = name.encode()
        if not self._is_ahead(key, sealed):
            self.data[key] = sealed

    def rows(self) -> Iterable[tuple[str, bytes]]:
        """Give all rows that are in the table, by name."""
        return [(key.decode(), sealed) for key, sealed in self.data.items()]

    def apply_changelog_batch(self, batch: Iterable[EventT[Any]]) -> None:
        """Restore rows, but none by an older one.

        A worker that died while it wrote may have been ahead of where the next one begins, which then writes
        the rows on the way there once more.
        """
        newer = []
        for event in batch:
            key: Any = event.key
            sealed: Any = event.value
            if sealed is None or not self._is_ahead(key, sealed):
                newer.append(event)
                if sealed is not None:
                    self.data[key] = sealed
        super().apply_changelog_batch(newer)

    def _is_ahead(self, key: bytes, sealed: bytes) -> bool:
        known = self.data.get(key)
        return known is not None and offset_of(known) > offset_of(sealed)
