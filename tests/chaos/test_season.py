"""The made-up season: repeatable, concurrent, and with all the trouble that it promises."""

import json
from collections import Counter

from bench.chaos.arrival import Arrival
from bench.chaos.books import books
from bench.chaos.season import season
from schemas.reference import REFERENCE, reference_key
from streams.event_files import Line
from streams.processing.pipeline import Pipeline


def _types(arrivals: list[Arrival]) -> Counter[str]:
    told: Counter[str] = Counter()
    for arrival in arrivals:
        try:
            told[json.loads(arrival.value)["type"]] += 1
        except ValueError:
            told["malformed"] += 1
    return told


def test_a_seed_repeats_the_season() -> None:
    """The same seed gives the same bytes, another seed gives others."""
    once, again, other = (list(season(seed, 500, 5)) for seed in (1, 1, 2))

    assert once == again
    assert once != other
    assert len(once) == 500


def test_so_many_races_go_on_at_once() -> None:
    """The first events come from as many races as are to go on at once."""
    assert len({arrival.key for arrival in season(1, 500, 20)}) >= 20


def test_everything_happens_in_a_season() -> None:
    """Every event of races in pairs is there, and there are repetitions and malformed ones."""
    arrivals = list(season(1, 6000, 20))
    told = _types(arrivals)

    assert told.keys() >= {
        "race.scheduled",
        "start_list.revised",
        "pair.called",
        "pair.started",
        "pair.cleared",
        "passing.recorded",
        "passing.deleted",
        "result.ruled",
        "reskate.granted",
        "pair.confirmed",
        "race.paused",
        "race.resumed",
        "race.closed",
        "malformed",
    }
    assert max(Counter(arrivals).values()) > 1


def test_only_what_was_broken_on_purpose_is_a_dead_letter() -> None:
    """Few dead letters, none of them for a bug of ours, and standings of every race."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=False, on_bug=bugs.append)
    arrivals = [*books(1), *season(1, 1500, 10)]
    said = [
        each for arrival in arrivals for each in pipeline.feed(arrival.stream, arrival.key, arrival.value)
    ]
    told = Counter(message.stream for message in said)

    assert bugs == []
    assert 0 < told["dead-letters"] < 40
    assert {message.key for message in said if message.stream == "standings"} == {
        arrival.key for arrival in arrivals if arrival.stream == "timing"
    }


def test_the_books_are_sound() -> None:
    """Every listing is one that the contract knows, under its key."""
    for arrival in books(1):
        assert arrival.key == reference_key(REFERENCE.validate_json(arrival.value)).encode()


def test_fixtures_are_all_told_and_in_order() -> None:
    """A recorded race is among the first, its events keep their order, and none is left out."""
    recorded = [Line("file", number, b"%d" % number, "timing", b"recorded") for number in range(300)]
    for events in (10, 2000):
        arrivals = list(season(1, events, 5, recorded))

        assert [each.value for each in arrivals if each.key == b"recorded"] == [
            line.value for line in recorded
        ]
        assert len(arrivals) == events + 300


def test_every_tenth_race_is_in_parts_where_that_is_asked_for() -> None:
    """The others are whole; start lists of 40 to 60 come a dozen at a time, and few events are unusable."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=False, on_bug=bugs.append)
    arrivals = list(season(1, 4000, 12, in_parts=True))
    said = [
        each for arrival in arrivals for each in pipeline.feed(arrival.stream, arrival.key, arrival.value)
    ]
    defined = {arrival.key: b'"sheet":"parts"' in arrival.value for arrival in reversed(arrivals)}
    tops = [json.loads(each.value) for each in said if each.key in defined and each.stream == "field"]
    in_parts = {each["race_id"].encode() for each in tops}

    assert bugs == []
    assert len(in_parts) == (len(defined) + 9) // 10
    assert {key for key, is_in_parts in defined.items() if is_in_parts} == in_parts
    assert {each.key for each in said if each.stream == "standings"} == defined.keys() - in_parts
    assert all(40 <= max(top["competitors"] for top in tops if top["race_id"].encode() == key) <= 60
               for key in in_parts)  # fmt: skip
    assert Counter(each.stream for each in said)["dead-letters"] < 80
    assert "start_list.added" in _types(arrivals)
