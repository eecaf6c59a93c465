"""Records and rankings as CSV: RFC 4180, a line of names first, commas, lines that end in CR LF."""

import csv
import io
from collections.abc import Iterable, Sequence

from schemas.rankings import Ranking
from schemas.records import RecordMessage, RecordRevoked
from streams.export.sheets import harmless
from streams.gateway.told import Content

RECORD_COLUMNS = (
    "type", "kind", "scope", "discipline", "race_id", "competitor_id", "name", "country", "time", "time_ms",
    "margin_ms", "status", "previous_time", "previous_holder", "as_of",
)  # fmt: skip


def records_csv(records: Iterable[Content]) -> str:
    """Write records as a table, one in a row; a revoked one has who had it, and what is in force again."""
    return _written(RECORD_COLUMNS, [_record(one) for one in records if isinstance(one, RecordMessage)])


def _record(record: RecordMessage) -> list[object]:
    head = [record.type, record.kind, record.scope, record.discipline, record.race_id]
    if isinstance(record, RecordRevoked):
        who, before = record.record.holder, record.in_force
        told: list[object] = [record.record.time, record.record.time_ms, None, "revoked"]
    else:
        who, before = record.competitor, record.previous
        told = [record.time, record.time_ms, record.margin_ms, record.status]
    old = [None, None] if before is None else [before.time, before.holder.name]
    return [*head, who.id, who.name, who.country, *told, *old, record.as_of.isoformat()]


def rankings_csv(ranking: Ranking) -> str:
    """Write a ranking as a table, a line in a row, with a column for what each part gave."""
    parts = list(
        dict.fromkeys(part.race_id or "designated" for line in ranking.entries for part in line.parts)
    )
    columns = ("rank", "rank_equal", "competitor_id", "name", "country", "value", "state", *parts)
    rows = []
    for line in ranking.entries:
        given: dict[str, list[str]] = {}
        for part in line.parts:
            given.setdefault(part.race_id or "designated", []).append(part.value)
        who = line.competitor
        values = [line.rank, int(line.rank_equal), who.id, who.name, who.country, line.value, line.state]
        rows.append([*values, *(" ".join(given.get(part, [])) for part in parts)])
    return _written(columns, rows)


def _written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            "" if value is None else harmless(value) if isinstance(value, str) else value for value in row
        )
    return text.getvalue()
