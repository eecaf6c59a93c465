"""The table of a step: rows that others than Faust write."""

from collections.abc import Iterable
from typing import Any

from faust.tables.table import Table
from faust.types import EventT

from streams.processing.ledger import unseal


class RowTable(Table[bytes, bytes]):
    """A table of sealed rows that Faust restores and does not write.

    Faust's own `table[key] = value` leaves the changelog record in a buffer, and the offset of its event may
    be committed before the broker has it: a crash in between loses state for good. Rows are written as all
    else is (`speaking.py`), and kept here when the broker has them.
    """

    def keep(self, name: str, sealed: bytes) -> None:
        """Take in a row that is written."""
        self.data[name.encode()] = sealed

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
            known = self.data.get(event.key)
            if event.value is None or known is None or unseal(event.value).offset >= unseal(known).offset:
                newer.append(event)
                if event.value is not None:
                    self.data[event.key] = event.value
        super().apply_changelog_batch(newer)
