"""The flat sheet in the two ways that other systems read it: CSV and a JSON array."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from schemas.standings import Entry, Standings
from streams.export.rows import rows

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a cell begins with it."""

_NOBODY = "[]"
_FREE = frozenset({"race_id", "competitor_id", "name", "rule"})
"""The columns that hold what somebody has typed."""


def csv_pieces(
    standings: Standings, names: Sequence[str], several: Iterable[Iterable[Entry]]
) -> Iterator[str]:
    """Write the sheet as CSV, some lines at a time: RFC 4180, names first, commas, lines that end in CR LF.

    A name or id that a spreadsheet would take for a formula is preceded by an apostrophe.

    Args:
        standings: what is said in every line.
        names: the columns.
        several: everybody, some at a time.
    """
    written = io.StringIO()
    writer = csv.DictWriter(written, names, lineterminator="\r\n")
    writer.writeheader()
    for entries in several:
        for row in rows(standings, names, entries):
            writer.writerow(
                {name: harmless(value) if name in _FREE else value for name, value in row.items()}
            )
        yield written.getvalue()
        written.seek(0)
        written.truncate()
    yield written.getvalue()


def json_pieces(
    standings: Standings, names: Sequence[str], several: Iterable[Iterable[Entry]]
) -> Iterator[str]:
    """Write the sheet as a JSON array of flat objects, one a row, all values text, as vMix reads it.

    The arguments are those of `csv_pieces`.
    """
    begun = "["
    for entries in several:
        some = json.dumps(rows(standings, names, entries), ensure_ascii=False, indent=1)
        if some != _NOBODY:
            yield begun + some.removeprefix("[").removesuffix("\n]")
            begun = ","
    yield "[]\n" if begun == "[" else "\n]\n"


def harmless(value: str) -> str:
    """Keep a spreadsheet from taking a text for a formula: an apostrophe goes before it."""
    return f"'{value}" if value.startswith(_FORMULA) else value
