"""A race in parts over HTTP and on the streams of a real server."""

import csv
import io
import json
from collections.abc import Sequence
from itertools import chain
from typing import Any

import pytest

from bench.long_race import RACE, announced_in_parts, skated_by
from schemas.field import FieldRow
from schemas.gateway import CompetitorLine, RaceAsItStands, RaceSummary, SheetPage, Snapshot
from schemas.standings import Entry
from streams.export.whole import Whole
from streams.gateway.following import snapshot
from streams.gateway.told import KINDS
from streams.gateway.wants import Wants, wants
from tests.gateway.in_parts import (
    as_shown,
    entries_of,
    front_of,
    in_one_message,
    told_by,
    without_split_ranks,
)
from tests.gateway.telling import Heard, channels_of, gateway, heard
from tests.gateway.test_following import told
from tests.gateway.test_streaming import listening
from tests.processing.test_in_parts import EVENING
from tests.skating.a_race import closed

MANY = 300


def a_tour(*pairs: int) -> tuple[Sequence[Heard], list[dict[str, Any]]]:
    """Give what a race of more than a page tells a gateway, and everybody's line."""
    said, race = told_by(chain(announced_in_parts(MANY), *(skated_by(pair) for pair in pairs)))
    return said, as_shown(race)


async def test_a_race_in_parts_is_a_race_whose_standings_are_its_front() -> None:
    """In the list, in one document, and alone, to the byte as on Kafka."""
    said, lines = a_tour(1, 2)
    front = front_of(said)
    async with gateway([*heard("torture"), *said]) as held:
        listed = (await held.get("/api/races")).json
        whole = await held.get(f"/api/races/{RACE}")
        standings = await held.get(f"/api/races/{RACE}/standings")

    summary = next(
        RaceSummary.model_validate_json(json.dumps(one)) for one in listed if one["race_id"] == RACE
    )
    assert (summary.sheet, summary.competitors) == ("parts", MANY)
    assert {one["sheet"] for one in listed} == {"parts", "whole"}
    assert standings.body == front
    stands = RaceAsItStands.model_validate_json(whole.body)
    assert (stands.standings.type, len(stands.standings.entries)) == ("field.top", 100)
    assert [line.competitor.id for line in summary.podium] == [line["competitor"]["id"] for line in lines[:3]]


async def test_the_whole_sheet_comes_in_pages_and_as_csv() -> None:
    """Together they are what the steps would say in one message; who polls pays only for changes."""
    said, lines = a_tour(*range(1, 40), 140)
    async with gateway(said) as held:
        path = f"/api/races/{RACE}/sheet"
        pages = [await held.get(f"{path}?offset={offset}&limit=130") for offset in (0, 130, 260, 390)]
        again = await held.get(f"{path}?limit=130", if_none_match=pages[0].headers["etag"])
        table = await held.get(f"{path}?format=csv")
        twice = await held.get(f"{path}?format=csv", if_none_match=table.headers["etag"])
        found = SheetPage.model_validate_json((await held.get(f"{path}?search=SKATER-27&limit=5")).body)
        too_many = await held.get(f"{path}?limit=251")

    read = [SheetPage.model_validate_json(page.body) for page in pages]
    entries = [without_split_ranks(entry) for page in pages for entry in page.json["entries"]]
    assert entries == lines
    assert [len(page.entries) for page in read] == [130, 130, 40, 0]
    assert {(page.competitors, page.found, page.remaining) for page in read} == {(MANY, MANY, MANY - 80)}
    newest = max(message.told().content.version for message in said if message.stream == "field")
    assert {page.version for page in read} == {newest}
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [(row["competitor_id"], row["rank"], row["behind"]) for row in rows] == [
        (line["competitor"]["id"], str(line["rank"] or ""), line["behind"] or "") for line in lines
    ]
    assert {row["version"] for row in rows} == {str(newest)}
    assert [entry.competitor.id for entry in found.entries] == [
        line["competitor"]["id"] for line in lines if "skater-27" in line["competitor"]["id"]
    ][:5]
    assert found.found == 11
    assert (again.status, twice.status, too_many.status) == (304, 304, 422)


async def test_in_another_form_everybody_is_in_it() -> None:
    """What other systems take has no first page: it is as if the race had been told in one message."""
    said, race = told_by([*announced_in_parts(MANY), *chain(*map(skated_by, (1, 2, 140))), END])
    expected = in_one_message(front_of(said), race)
    async with gateway(said) as held:
        both = [
            [await held.get(f"/api/races/{RACE}/{what}?format={form}") for form in ("csv", "flat", "odf")]
            for what in ("standings", "sheet")
        ]
        odf = both[0][2]
        again = await held.get(f"/api/races/{RACE}/standings?format=odf", if_none_match=odf.headers["etag"])

    assert [answer.body for answer in both[0]] == [answer.body for answer in both[1]]
    table, flat, _ = (answer.text for answer in both[0])
    rows = list(csv.DictReader(io.StringIO(table)))
    told = [_without_split_ranks(row) for row in json.loads("".join(Whole(expected).pieces("json")))]
    assert [_without_split_ranks(row) for row in rows] == told
    assert [_without_split_ranks(row) for row in json.loads(flat)] == told
    assert odf.text == "".join(Whole(expected).pieces("odf"))
    assert (again.status, again.body, odf.headers["content-type"]) == (304, b"", "application/xml")


END = closed("OFFICIAL", 90_000, RACE)


def _without_split_ranks(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if not name.startswith("split_rank_")}


async def test_one_competitor_has_the_rank_of_now() -> None:
    """Though the row is older than whatever pushed it down, and not among the first."""
    said, lines = a_tour(*range(1, 120))
    slowest = max((line for line in lines if line["rank"]), key=lambda line: str(line["rank"]).zfill(9))
    name = slowest["competitor"]["id"]
    row = [message.value for message in said if f'"competitor_id":"{name}"' in message.value.decode()]
    async with gateway(said) as held:
        answer = await held.get(f"/api/races/{RACE}/competitors/{name}")
        again = await held.get(f"/api/races/{RACE}/competitors/{name}", if_none_match=answer.headers["etag"])
        nobody = await held.get(f"/api/races/{RACE}/competitors/nobody")
        nowhere = await held.get("/api/races/2022-games/M500/-/competitors/nobody")
        late = await held.get(f"/api/races/{RACE}/competitors/{name}?delay=60")

    line = CompetitorLine.model_validate_json(answer.body)
    as_told = FieldRow.model_validate_json(row[-1])
    assert without_split_ranks(answer.json["entry"]) == slowest
    assert as_told.entry is not None
    assert (line.version, line.entry.rank) == (as_told.version, 238)
    assert as_told.entry.rank != line.entry.rank
    assert (again.status, nobody.status, nowhere.status, late.status) == (304, 404, 404, 404)
    assert nobody.json["detail"] == (
        f"there is no competitor 'nobody' in {RACE!r}; /api/races/{RACE}/sheet?search= finds names and ids"
    )


async def test_an_ordinary_race_has_a_sheet_and_lines_too() -> None:
    """So whoever reads them need not know which sort of race it is."""
    race = "2022-olympics-beijing/M1000/-"
    async with gateway(heard("2022-olympics-beijing")) as held:
        whole = (await held.get(f"/api/races/{race}/standings")).json
        page = (await held.get(f"/api/races/{race}/sheet?offset=2&limit=3")).json
        found = (await held.get(f"/api/races/{race}/sheet?search=krol")).json
        krol = found["entries"][0]
        line = (await held.get(f"/api/races/{race}/competitors/{krol['competitor']['id']}")).json
        nobody = await held.get(f"/api/races/{race}/competitors/nobody")
        tables = [
            (await held.get(f"/api/races/{race}/{what}?format=csv")).body for what in ("sheet", "standings")
        ]

    assert page["entries"] == whole["entries"][2:5]
    assert (page["competitors"], page["version"], page["as_of"]) == (
        len(whole["entries"]), whole["version"], whole["as_of"],
    )  # fmt: skip
    assert (found["found"], krol["competitor"]["name"]) == (1, "Thomas Krol")
    assert (line["entry"], line["version"]) == (krol, whole["version"])
    assert nobody.status == 404
    assert tables[0] == tables[1]


async def test_a_correction_after_the_closing_goes_before_the_parts() -> None:
    """And who was taken off the list is gone, wherever else a line of theirs is."""
    said, race = told_by(EVENING)
    async with gateway(said) as held:
        page = (await held.get(f"/api/races/{RACE}/sheet")).json

    assert [without_split_ranks(entry) for entry in page["entries"]] == as_shown(race)
    assert page["status"] == "OFFICIAL"


async def test_rows_and_parts_come_only_where_they_are_asked_for() -> None:
    """A snapshot without them has the front; with a competitor only this one's line, whoever told it last."""
    said, race = told_by(EVENING)
    channels = channels_of(said)

    def present(asked: Wants) -> Snapshot:
        return Snapshot.model_validate_json(snapshot(channels.live, asked).data)

    usual, named = present(Wants()), present(wants([], [], [], ["skater-3", "nobody"]))
    everything = present(Wants(kinds=frozenset(KINDS)))
    elsewhere = present(wants(["field.row", "field.part"], ["other/M500/-"], []))

    assert [top.race_id for top in usual.field_top] == [RACE] == [one.race_id for one in usual.races]
    lists = (usual.field_row, usual.field_part, elsewhere.field_row, elsewhere.field_part)
    assert [len(each) for each in lists] == [0, 0, 0, 0]
    assert [row.competitor_id for row in named.field_row] == ["skater-3"]
    assert named.field_row[0].entry == next(
        line.entry
        for part in everything.field_part
        for line in part.lines
        if line.entry.competitor.id == "skater-3"
    )
    lines = {line.entry.competitor.id for part in everything.field_part for line in part.lines}
    assert lines | {row.competitor_id for row in everything.field_row if row.entry} == {
        entry.competitor.id for entry in entries_of(race)
    }


async def test_a_named_competitor_is_told_of_by_rows_and_out_of_parts() -> None:
    """Nothing of others, each with an id to go on from; the parts themselves come to who names them."""
    said, _ = told_by(
        [*announced_in_parts(4, lines=2), *skated_by(1), *skated_by(2), closed("OFFICIAL", 900, RACE)]
    )
    channels = channels_of([*heard("torture"), *said])
    first = "s0.0"

    rows = await told(channels, wants(["field.row"], [], [], ["skater-1"]), first)
    parts = await told(channels, wants(["field.part", "field.row"], [], [], ["skater-1"]), first)
    usual = await told(channels, Wants(), first)
    other = await told(channels, wants(["field.row"], [], ["W500"], []), first)

    read = [FieldRow.model_validate_json(event.data) for event in rows]
    assert {row.competitor_id for row in read} == {"skater-1"}
    assert read[-1].version == max(row.version for row in read)
    assert all(event.id for event in rows)
    assert [event.name for event in parts][-2:] == ["field.row", "field.part"]
    assert [event.id is None for event in parts][-2:] == [True, False]
    assert {event.name for event in usual} & {"field.top", "field.row", "field.part"} == {"field.top"}
    assert other == []
    assert [
        event.data for event in await told(channels, wants(["field.row"], [], [], ["skater-1"]), rows[-2].id)
    ] == [rows[-1].data]


async def test_a_stream_tells_the_front_and_named_rows_live_and_late() -> None:
    """Over a connection, filtered and held back as all else."""
    said, _ = a_tour(1, 2)
    start = next(number for number, one in enumerate(said) if one.told().kind == "field.row" and number > 4)
    query = f"?race={RACE}&kind=field.top,field.row&competitor=skater-2"
    async with (
        gateway(said[:start]) as held,
        listening(held, query) as viewer,
        listening(held, f"{query}&delay=60") as late,
    ):
        now = await viewer.until("snapshot")
        then = await late.until("snapshot")
        for message in said[start:]:
            held.hear(message)
        events = []
        while viewer.last_id != held.channels.history.positions_at(held.channels.history.end):
            events.append(await viewer.event())
            if events[-1][1].get("competitor_id") == "skater-2" and events[-1][1]["entry"]["time_ms"]:
                break

    assert (len(now["field.top"]), then["field.top"]) == (1, [])
    assert [row["competitor_id"] for row in now["field.row"]] == ["skater-2"]
    assert {name for name, _ in events} <= {"field.top", "field.row", "status"}
    assert {data["competitor_id"] for name, data in events if name == "field.row"} == {"skater-2"}


@pytest.mark.parametrize("path", ["sheet", "competitors/x", "standings"])
async def test_rows_without_their_front_are_no_race_yet(path: str) -> None:
    """A gateway that has read half says so, rather than showing half."""
    said, _ = told_by(EVENING)
    rows = [message for message in said if message.stream == "field" and message.told().kind == "field.row"]
    async with gateway(rows) as held:
        assert (await held.get(f"/api/races/{RACE}/{path}")).status == 404
        assert (await held.get("/api/races")).json == []


def test_an_entry_of_a_page_is_an_entry() -> None:
    """The names that the gateway writes anew are those of the model."""
    said, _ = told_by(EVENING)
    channels = channels_of(said)
    field = channels.live.present.field(RACE)

    for name in field.in_order():
        assert set(field.entry(name)) == set(Entry.model_fields)
