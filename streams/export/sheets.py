"""The flat sheet in the two ways that other systems read it: CSV and a JSON array."""

import csv
import io
import json
from collections.abc import Sequence

from schemas.standings import Standings
from streams.export.rows import columns, rows

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a cell begins with it."""

_FREE = frozenset({"race_id", "competitor_id", "name", "rule"})
"""The columns that hold what somebody has typed."""


def as_csv(standings: Standings) -> str:
    """Write the sheet as CSV: RFC 4180, a line of names first, commas, lines that end in CR LF.

    A name or id that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    names = columns(standings)
    return csv_head(names) + csv_lines(standings, names)


def csv_head(names: Sequence[str]) -> str:
    """Write the line of names."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(names)
    return written.getvalue()


def csv_lines(standings: Standings, names: Sequence[str]) -> str:
    """Write the lines below the names.

    Args:
        standings: the sheet, or some lines of one.
        names: the columns of all of it.
    """
    written = io.StringIO()
    writer = csv.DictWriter(written, names, restval="", lineterminator="\r\n")
    for row in rows(standings):
        writer.writerow({name: harmless(value) if name in _FREE else value for name, value in row.items()})
    return written.getvalue()


def as_json(standings: Standings) -> str:
    """Write the sheet as a JSON array of flat objects, one a row, all values text, as vMix reads it."""
    return json.dumps(rows(standings), ensure_ascii=False, indent=1) + "\n"


def harmless(value: str) -> str:
    """Keep a spreadsheet from taking a text for a formula: an apostrophe goes before it."""
    return f"'{value}" if value.startswith(_FORMULA) else value
