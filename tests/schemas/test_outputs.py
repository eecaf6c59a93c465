"""What broadcasters get, field by field as the contract names it."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.podium import PodiumChange, PodiumChanged, PodiumSecured
from schemas.race import Competitor
from schemas.reference import REFERENCE, PointsTableListed, RecordListed, reference_key
from schemas.standings import Standings
from schemas.timing import TIMING
from tests.skating.a_race import Told, closed, passing, pursuit, raw, ruled, scheduled, told

STANDINGS = "type race_id version status as_of race entries on_ice next remaining"
ENTRY = (
    "rank rank_equal sort_order competitor pair lane time_ms time thousandth behind_ms behind irm rule marks "
    "method unchecked splits points"
)
CHANGED = "type race_id version as_of changes podium cause"
ANN = Competitor(id="ann", name="Ann", country="NED")


def evening() -> Told:
    """Tell of a race with everything that a message can have."""
    return told(
        scheduled("ann bea", "cor dee", points_table="wc-a", scheduled_at="2021-11-12T18:00:00+01:00"),
        passing("ann", 1, 9_900, 9, distance_m=100),
        passing("ann", 1, 35_004, 40),
        passing("bea", 1, 35_001, 41, method="photo_finish"),
        ruled("cor", "DQ", 42, rule="254.6", marks=["RW"]),
        ruled("dee", "WDR", 43),
        closed("OFFICIAL", 44),
    )


def test_a_standings_message_has_the_fields_of_the_contract() -> None:
    """No field is missing, none has another name, and null is written out."""
    message = json.loads(evening().values("standings")[-1])
    assert list(message) == STANDINGS.split()
    assert {" ".join(entry) for entry in message["entries"]} == {ENTRY}
    splits = [split for entry in message["entries"] for split in entry["splits"]]
    assert {" ".join(split) for split in splits} == {"distance_m time_ms lap_ms rank rank_equal"}
    assert message["race"]["points_table"] == "wc-a"
    assert message["race"]["competition"]["venue"]["track_length_m"] == 400


def test_a_sheet_reads_as_a_sheet() -> None:
    """The winner has no gap, the second one of what is shown, and equal hundredths show their third digit."""
    first, second, disqualified, withdrawn = json.loads(evening().values("standings")[-1])["entries"]
    assert (first["time"], first["thousandth"], first["behind_ms"], first["behind"]) == ("35.00", "1", 0, "")
    assert (second["time"], second["thousandth"], second["behind"]) == ("35.00", "4", "")
    assert (disqualified["irm"], disqualified["rule"], disqualified["marks"]) == ("DQ", "254.6", ["RW"])
    assert (withdrawn["irm"], withdrawn["time"], withdrawn["splits"], withdrawn["lane"]) == (
        "WDR",
        None,
        [],
        "outer",
    )


def test_podium_messages_have_the_fields_of_the_contract() -> None:
    """`from` and `to` are spelled so, and what is written reads back."""
    values = evening().values("podium")
    changed = [json.loads(value) for value in values if b"podium.changed" in value]
    sure = [json.loads(value) for value in values if b"podium.secured" in value]
    assert {" ".join(message) for message in changed} == {CHANGED}
    assert {" ".join(change) for message in changed for change in message["changes"]} == {
        "competitor from to"
    }
    assert {" ".join(message) for message in sure} == {"type race_id version as_of competitor worst_rank"}
    assert all(PodiumChanged.model_validate(message, strict=False) for message in changed)
    assert all(PodiumSecured.model_validate_json(json.dumps(message)).worst_rank <= 3 for message in sure)


def test_what_is_written_reads_back_and_stays_the_same_to_the_byte() -> None:
    """A subscriber who reads a message with our models and writes it again has the same bytes."""
    for value in evening().values("standings"):
        assert Standings.model_validate_json(value).model_dump_json().encode() == value


def test_a_subscriber_survives_a_newer_publisher() -> None:
    """Fields that are added later are passed over, on every level."""
    message = json.loads(evening().values("standings")[-1])
    message["newer"] = message["entries"][0]["newer"] = message["race"]["newer"] = {"deep": [1]}
    assert Standings.model_validate_json(json.dumps(message)) == evening().standings[-1]


def test_a_change_can_be_made_by_its_name_in_python_or_in_json() -> None:
    """`from` is no name in Python, so the field is `from_` there."""
    made = PodiumChange(competitor=ANN, from_=1, to=None)
    assert PodiumChange.model_validate_json(made.model_dump_json()) == made
    with pytest.raises(ValidationError):
        made.to = 2  # type: ignore[misc]


def test_a_team_has_its_members() -> None:
    """The team is the competitor, and every message has who skates in it."""
    members = [{"id": "kramer", "name": "Sven Kramer"}, {"id": "roest", "name": "Patrick Roest"}]
    opened = pursuit("ned nor")
    opened["start_list"][0]["competitor"]["members"] = members
    competitor = told(opened).entry("ned").competitor
    assert competitor.members is not None
    assert [member.name for member in competitor.members] == ["Sven Kramer", "Patrick Roest"]


@pytest.mark.parametrize(
    ("listed", "key"),
    [
        ({"kind": "WR"}, "WR/M500/"),
        ({"kind": "NR", "scope": "NED"}, "NR/M500/NED"),
        ({"kind": "TR", "scope": "salt-lake-city"}, "TR/M500/salt-lake-city"),
        ({"kind": "PB", "scope": "ann"}, "PB/M500/ann"),
        ({"kind": "OPENING"}, "OPENING/M500/"),
    ],
)
def test_a_listing_is_keyed_by_its_board(listed: dict[str, Any], key: str) -> None:
    """`kind/discipline/scope`, with an empty scope for the whole world."""
    holder = {"id": "ann", "name": "Ann", "country": "NED"}
    story = {"type": "record.listed", "discipline": "M500", "time_ms": 33_610, "holder": holder, **listed}
    event = REFERENCE.validate_json(raw(story))
    assert isinstance(event, RecordListed)
    assert reference_key(event) == key


def test_a_points_table_is_keyed_by_its_name() -> None:
    """Equal points of neighbours are allowed, and an irm not named scores nothing."""
    event = REFERENCE.validate_json(
        raw({"type": "points_table.listed", "name": "wc-b", "points": [2, 1, 1, 0]})
    )
    assert isinstance(event, PointsTableListed)
    assert (reference_key(event), event.irm_scores) == ("wc-b", {})


@pytest.mark.parametrize("adapter", [TIMING, REFERENCE])
def test_every_input_has_a_json_schema(adapter: TypeAdapter[Any]) -> None:
    """A producer can read what is wanted: the types, and that an instant is a date and time."""
    schema = adapter.json_schema()
    assert schema["discriminator"]["propertyName"] == "type"
    assert '"format": "date-time"' in json.dumps(schema)
