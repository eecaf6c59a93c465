"""Rows held in memory where nobody else has them: a race that is over takes some hundred bytes."""

from collections.abc import Iterator, MutableMapping

from streams.skating.packed import packed, unpacked


class PackedRows(MutableMapping[str, bytes]):
    """Rows by name, packed by the first of them. A worker has no use for it: its table has every row."""

    def __init__(self) -> None:
        self._pattern = b""
        self._rows: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        """Give a row as it was put in."""
        return unpacked(self._rows[name], self._pattern)

    def __setitem__(self, name: str, row: bytes) -> None:
        """Put a row in the place of the one before."""
        self._pattern = self._pattern or row
        self._rows[name] = packed(row, self._pattern)

    def __delitem__(self, name: str) -> None:
        """Leave a row out."""
        del self._rows[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a row, without reading it."""
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        """Give the names, in the order in which they came."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)
