"""The table of a step: rows that are written with an acknowledgement."""

from collections.abc import Awaitable, Iterable
from typing import Any

from faust.tables.table import Table
from faust.types import EventT

from streams.processing.ledger import unseal


class RowTable(Table[bytes, bytes]):
    """A table of sealed rows whose changelog is written with an acknowledgement.

    Faust's own `table[key] = value` leaves the changelog record in a buffer, and the offset of its event may
    be committed before the broker has it: a crash in between loses state for good. What `remember` gives
    waits for the broker.
    """

    async def remember(self, name: str, sealed: bytes, partition: int) -> Awaitable[object]:
        """Hand one row to the client; what this gives is done when the broker has it and the table too."""
        key = name.encode()
        sent = await self.changelog_topic.send(
            key=key, value=sealed, partition=partition, key_serializer="raw", value_serializer="raw"
        )

        async def written() -> None:
            await sent
            self.data[key] = sealed

        return written()

    def rows(self) -> Iterable[tuple[str, bytes]]:
        """Give all rows that are in the table, by name."""
        return [(key.decode(), sealed) for key, sealed in self.data.items()]

    def apply_changelog_batch(self, batch: Iterable[EventT[Any]]) -> None:
        """Restore rows, but none by an older one.

        A worker that was suspended for longer than its session and wakes up writes what it had in hand, after
        another worker has gone on. Its row includes an earlier offset, which tells it apart.
        """
        newer = []
        for event in batch:
            known = self.data.get(event.key)
            if event.value is None or known is None or unseal(event.value).offset >= unseal(known).offset:
                newer.append(event)
                if event.value is not None:
                    self.data[event.key] = event.value
        super().apply_changelog_batch(newer)
