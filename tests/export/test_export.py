"""The sheet for other systems: CSV, flat JSON and ODF, from the standings of replayed fixtures."""

import asyncio
import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from schemas.standings import Standings
from streams.cli import run
from streams.errors import SlotritError
from streams.export.odf import unit_code
from streams.export.race import in_file, on_kafka
from streams.export.rows import FIXED
from streams.export.whole import Format, Whole
from streams.processing.pipeline import Pipeline
from tests.kafka.meeting import events, meeting

OLYMPICS = "2022-olympics-beijing/M1000/-"
PURSUIT = "2021-wc1-tomaszow/MTP/A"
TIES = "2021-wc1-tomaszow/M500/A/2"


def standings_of(fixture: str, race_id: str) -> Standings:
    """Replay a fixture in memory and give the last standings of a race."""
    pipeline = Pipeline(openings=False)
    reference, timing = events(fixture)
    latest = b""
    for line in [*reference, *timing]:
        for message in pipeline.feed(line.stream, line.key, line.value):
            if message.stream == "standings" and message.key == race_id.encode():
                latest = message.value
    return Standings.model_validate_json(latest)


BEIJING = standings_of("2022-olympics-beijing", OLYMPICS)
TOMASZOW = standings_of("2021-wc1-tomaszow", TIES)
TEAMS = standings_of("2021-wc1-tomaszow", PURSUIT)


def written(standings: Standings, kind: Format) -> str:
    """Write standings in a form."""
    return "".join(Whole(standings).pieces(kind))


def _parsed(standings: Standings) -> ET.Element:
    return ET.fromstring(written(standings, "odf"))  # noqa: S314 - our own


def test_the_csv_sheet_reads_as_the_standings() -> None:
    """A line a competitor in the order of the sheet, with times as people read them and every split."""
    rows = list(csv.DictReader(io.StringIO(written(BEIJING, "csv"))))

    assert [row["name"] for row in rows] == [entry.competitor.name for entry in BEIJING.entries]
    assert (rows[0]["rank"], rows[0]["time"], rows[0]["behind"]) == ("1", "1:07.92", "")
    assert (rows[1]["behind"], rows[1]["division"]) == ("+0.40", "-")
    assert list(rows[0])[: len(FIXED)] == list(FIXED)
    assert list(rows[0])[len(FIXED) :] == [
        f"{what}_{metres}" for metres in (200, 600, 1000) for what in ("split", "lap", "split_rank")
    ]
    assert rows[0]["split_1000"] == "1:07.92"


def test_the_csv_sheet_cannot_run_anything() -> None:
    """A name that a spreadsheet would take for a formula is made harmless; so are commas and quotes."""
    entry = BEIJING.entries[0]
    evil = entry.competitor.model_copy(update={"name": '=1+1,"x"'})
    standings = BEIJING.model_copy(update={"entries": (entry.model_copy(update={"competitor": evil}),)})

    [row] = csv.DictReader(io.StringIO(written(standings, "csv")))

    assert row["name"] == '\'=1+1,"x"'


def test_the_json_sheet_is_flat_text() -> None:
    """An array of objects that have all the same fields, and nothing but text in them."""
    rows = json.loads(written(TOMASZOW, "json"))

    assert all(isinstance(value, str) for row in rows for value in row.values())
    assert len({tuple(row) for row in rows}) == 1
    tied = [row["name"] for row in rows if row["rank"] == "8" and row["rank_equal"] == "1"]
    assert len(tied) == 2


def test_odf_says_what_the_sheet_says() -> None:
    """Envelope, status, and a result a competitor with rank, time, order and name."""
    body = _parsed(BEIJING)
    results = body.findall("Competition/Result")

    assert body.attrib["DocumentType"] == "DT_RESULT"
    assert body.attrib["DocumentCode"] == "SSKM1000M-------------FNL-000100--"
    assert body.attrib["ResultStatus"] == BEIJING.status
    assert [result.get("SortOrder") for result in results] == [str(n + 1) for n in range(len(results))]
    assert (results[0].get("Rank"), results[0].get("Result"), results[0].get("ResultType")) == (
        "1",
        "1:07.92",
        "TIME",
    )
    person = results[0].find("Competitor/Composition/Athlete/Description")
    assert person is not None
    assert (person.get("GivenName"), person.get("FamilyName"), person.get("Organisation")) == (
        "Thomas",
        "Krol",
        "NED",
    )
    assert sorted(int(result.get("StartSortOrder", "0")) for result in results) == list(
        range(1, len(results) + 1)
    )


def test_odf_of_ties_and_runs() -> None:
    """Shared ranks say so, and the second run is the second unit."""
    results = _parsed(TOMASZOW).findall("Competition/Result")

    assert [result.get("RankEqual") for result in results if result.get("Rank") == "8"] == ["Y", "Y"]
    assert unit_code(TOMASZOW) == "SSKM500M--------------FNL-000200--"
    assert len(unit_code(TEAMS)) == 34


def test_odf_of_teams_and_invalid_results() -> None:
    """A team has a name and its members; who was disqualified has the mark and neither rank nor time."""
    [first, *_] = _parsed(TEAMS).findall("Competition/Result")
    team = first.find("Competitor")
    assert team is not None
    assert team.get("Type") == "T"
    out = BEIJING.entries[0].model_copy(
        update={"irm": "DQ", "rank": None, "time": None, "time_ms": None, "behind": None}
    )
    [gone] = _parsed(BEIJING.model_copy(update={"entries": (out,)})).findall("Competition/Result")

    assert (gone.get("IRM"), gone.get("ResultType"), gone.get("Rank"), gone.get("Result")) == (
        "DSQ",
        "IRM",
        None,
        None,
    )


def test_the_latest_standings_of_a_file_are_exported(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The command takes a replayed file, whatever else is in it, and prints or writes the last version."""
    file, out = tmp_path / "standings.jsonl", tmp_path / "sheet.csv"
    older = BEIJING.model_copy(update={"version": 1, "entries": ()})
    file.write_text(
        f"{older.model_dump_json()}\n{TEAMS.model_dump_json()}\n{BEIJING.model_dump_json()}\n",
        encoding="utf-8",
    )

    assert run(["export", OLYMPICS, "--format", "odf", "--from", str(file)]) == 0
    assert capsysbinary.readouterr().out.decode() == written(BEIJING, "odf")
    assert run(["export", OLYMPICS, "--format", "csv", "--from", str(file), "--out", str(out)]) == 0
    assert out.read_bytes().decode() == written(BEIJING, "csv")


def test_a_race_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The error says where, which race, and which races there are."""
    file = tmp_path / "standings.jsonl"
    file.write_text(TEAMS.model_dump_json(), encoding="utf-8")

    with pytest.raises(SlotritError, match=rf"no standings of x/M500/A; there are those of {PURSUIT}"):
        in_file("x/M500/A", file)


def test_what_is_no_standings_is_refused_with_its_place(tmp_path: Path) -> None:
    """Broken standings are named by file, line and field."""
    file = tmp_path / "standings.jsonl"
    file.write_text(f'{{"type": "standings", "race_id": "{PURSUIT}"}}', encoding="utf-8")

    with pytest.raises(SlotritError, match=r"standings\.jsonl:1: version: Field required; these are no"):
        in_file(PURSUIT, file)


async def test_the_latest_standings_come_from_kafka(kafka_address: str, tmp_path: Path) -> None:
    """Of all versions on the topic the last one of the race is given, and a missing race is an error."""
    async with meeting(kafka_address, tmp_path / "log") as held:
        worker = held.start_worker()
        reference, timing = events("2022-olympics-beijing")
        await held.publish([*reference, *timing])
        await held.all_done()
        worker.terminate()
        await asyncio.to_thread(worker.wait, 30)

        assert (await on_kafka(OLYMPICS, held.settings)).standings == BEIJING
        with pytest.raises(SlotritError, match="no standings of nowhere"):
            await on_kafka("nowhere", held.settings)
