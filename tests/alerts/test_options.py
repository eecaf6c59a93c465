"""What each key of a rule does, from the message to the words that are due."""

import json
from typing import Any

import pytest

from schemas.race import Competitor, Member
from streams.alerts import outbox
from streams.alerts.news import News
from streams.alerts.rules import Rules
from tests.alerts.newsroom import (
    DUBREUIL,
    KJELD,
    KROL,
    RACE_ID,
    desk,
    equalled,
    missed,
    podium,
    record,
    revoked,
    rules,
    secured,
)

TEAM = Competitor(
    id="ned-team", name="Netherlands", country="NED", members=(Member(id="ned-krol", name="Krol"),)
)


def heard(chosen: Rules, *news: News) -> list[str]:
    """Take messages in one by one, deliver each time, and give the names of the words."""
    with desk(chosen) as newsroom:
        alerts = []
        for one in news:
            newsroom.take(one)
            alerts += newsroom.deliver().alerts
        return alerts


@pytest.mark.parametrize(
    ("rule", "news", "told"),
    [
        ({}, record(), True),
        ({"kind": "NR"}, record(), False),
        ({"kind": ["NR", "WR"]}, record(), True),
        ({"when": "equalled"}, record(), False),
        ({"when": "equalled"}, equalled(), True),
        ({}, missed(), False),
        ({"when": ["missed", "set"]}, missed(), True),
        ({"country": "NED"}, record(), True),
        ({"country": ["CAN", "USA"]}, record(), False),
        ({"competitor": "ned-krol"}, record(), True),
        ({"competitor": "ned-nuis"}, record(), False),
        ({"competitor": "ned-krol"}, record(TEAM), True),
        ({"discipline": "M1000"}, record(), True),
        ({"discipline": "M"}, record(), True),
        ({"discipline": "1000"}, record(), True),
        ({"discipline": ["W", "500", "TP"]}, record(), False),
        ({"competition": "2022-games"}, record(), True),
        ({"competition": "2021-games"}, record(), False),
        ({"venue": "oval"}, record(kind="TR", scope="oval"), True),
        ({"venue": "oval"}, record(kind="TR", scope="thialf"), False),
        # Nobody knows where the race is skated: a rule about a place does not guess.
        ({"venue": "oval"}, record(), False),
        ({"official": True}, record(), False),
        ({"official": True}, record(status="official"), True),
        ({"revocations": "only"}, record(), False),
        ({"podium": "changed"}, record(), False),
        ({"podium": "changed", "kind": "WR"}, record(), True),
        ({"podium": "changed"}, podium(KROL), True),
        ({"podium": "secured"}, podium(KROL), False),
        ({"podium": "changed", "causes": ["ruling", "correction"]}, podium(KROL), False),
        ({"podium": "changed", "causes": "ruling"}, podium(KROL, cause="ruling"), True),
        ({"podium": "changed", "country": "NED"}, podium(DUBREUIL, KROL), True),
        ({"podium": "changed", "country": "NED", "place": 1}, podium(DUBREUIL, KROL), False),
        ({"podium": "secured", "place": 1}, secured(KROL, 1), True),
        ({"podium": "secured", "place": 1}, secured(KROL, 2), False),
        ({"podium": "secured", "discipline": "W"}, secured(KROL, 1), False),
        ({"kind": "WR"}, podium(KROL), False),
    ],
)
def test_rules_choose(rule: dict[str, Any], news: News, told: bool) -> None:
    """All filters of a rule must agree; those that are left out let everything pass."""
    assert bool(heard(rules(rule), news)) == told


def test_one_of_several_rules_is_enough_and_tells_once() -> None:
    """Two rules that choose the same record for one sink are one word."""
    assert heard(rules({"kind": "WR"}, {"country": "NED"}, {"country": "CAN"}), record()) == ["record"]


def test_a_rule_may_wait_until_a_record_is_official() -> None:
    """What fell before is never told; what became official is told once."""
    waiting = rules({"official": True})
    official = record(status="official", version=7)

    assert heard(waiting, record(), revoked()) == []
    assert heard(waiting, record(), official, record(status="official", version=8)) == ["record"]
    assert heard(waiting, record(), official, revoked()) == ["record", "retraction"]


def test_a_change_of_status_is_silent_unless_asked_for() -> None:
    """With `also` it is said once more when it is official, but not if the first word had said so."""
    provisional, official = record(), record(status="official", version=7)

    assert heard(rules(), provisional, official) == ["record"]
    assert heard(rules({"official": "also"}), provisional, official) == ["record", "official"]
    assert heard(rules({"official": "also"}), official, record(status="official", version=8)) == ["record"]
    assert heard(rules({"official": "also", "when": "missed"}), missed(), missed(status="official")) == [
        "miss"
    ]


def test_a_corrected_time_follows_to_whoever_got_the_first() -> None:
    """It says both times and what it replaces; a margin alone, or thousandths, are not worth a word."""
    with desk() as newsroom:
        (first,) = newsroom.take(record())
        newsroom.deliver()
        newsroom.take(record(time_ms=67914, version=4))
        told = newsroom.deliver().heard

        assert [one["title"] for one in told] == [
            "Corrected: World record, men's 1000 m: Thomas Krol (NED) 1:07.91, was 1:07.92"
        ]
        assert told[0]["replaces"] == dict(first.headers)["ce_id"].decode()
        newsroom.take(record(time_ms=67917, version=5), record(time_ms=67917, version=6, margin_ms=490))
        assert newsroom.deliver().heard == []


def test_a_record_that_turns_out_equalled_is_a_correction() -> None:
    """The two messages of that come together, and are one word."""
    with desk() as newsroom:
        newsroom.take(record())
        newsroom.deliver()
        newsroom.take(revoked(cause="correction"), equalled())

        assert newsroom.deliver().titles == [
            "Corrected: World record equalled, men's 1000 m: Thomas Krol (NED) 1:08.42"
        ]


def test_what_was_set_revoked_and_set_again_is_told_again() -> None:
    """Unless the retraction had not got out: then nothing has happened for whoever is told."""
    assert heard(rules(), record(), revoked(), record(version=9)) == ["record", "retraction", "record"]
    with desk() as newsroom:
        newsroom.take(record())
        newsroom.deliver()
        newsroom.take(revoked())
        newsroom.take(record(version=10))
        assert newsroom.deliver().alerts == []


def test_revocations_are_told_to_others_only_where_they_ask() -> None:
    """`true` tells also of what was not told, `only` of nothing but that."""
    assert heard(rules({"kind": "NR"}), record(), revoked()) == []
    assert heard(rules({"official": True, "revocations": True}), record(), revoked()) == ["revocation"]
    assert heard(rules({"revocations": True}), record(), revoked()) == ["record", "retraction"]
    assert heard(rules({"revocations": "only"}), record(), revoked()) == ["revocation"]
    assert heard(rules({"revocations": "only", "kind": "NR"}), record(), revoked()) == []


def test_a_record_may_be_held_back_until_it_has_settled() -> None:
    """Then the right time is told, at the hour at which the first would have been."""
    with desk(rules({"hold_s": 30})) as newsroom:
        newsroom.take(record())
        newsroom.now += 20
        newsroom.take(record(time_ms=67910, version=4))
        assert newsroom.deliver().alerts == []
        newsroom.now += 10
        assert newsroom.deliver().titles == ["World record, men's 1000 m: Thomas Krol (NED) 1:07.91"]
        newsroom.take(revoked(version=5))
        assert newsroom.deliver().alerts == ["retraction"]
        newsroom.take(record(version=6))
        newsroom.take(revoked(version=7))
        newsroom.now += 60
        assert newsroom.deliver().alerts == []


DECIDED = rules({"podium": "decided"})
FINISHED = (podium(KROL, DUBREUIL, KJELD), secured(KROL, 1), secured(DUBREUIL, 2))


def test_a_podium_is_told_once_nobody_can_change_it() -> None:
    """The last certainty decides; saying it again changes nothing."""
    with desk(DECIDED) as newsroom:
        for news in FINISHED:
            newsroom.take(news)
            assert newsroom.deliver().alerts == []
        newsroom.take(secured(KJELD, 3))
        told = newsroom.deliver().heard
        newsroom.take(secured(KJELD, 3, version=9))
        assert newsroom.deliver().alerts == []

    assert [one["title"] for one in told] == [
        "Podium, men's 1000 m: 1 Thomas Krol (NED), 2 Laurent Dubreuil (CAN), 3 Kjeld Nuis (NED)"
    ]
    assert [place["competitor"]["id"] for place in told[0]["podium"]] == [
        "ned-krol",
        "can-dubreuil",
        "ned-nuis",
    ]


def test_a_decided_podium_that_changes_is_corrected() -> None:
    """After a ruling, once it is decided again; what was not delivered in between is never sent."""
    ruling = podium(DUBREUIL, KJELD, cause="ruling", version=5)
    with desk(DECIDED) as newsroom:
        newsroom.take(*FINISHED, secured(KJELD, 3))
        newsroom.deliver()
        newsroom.take(ruling)
        assert newsroom.deliver().alerts == []
        newsroom.take(secured(DUBREUIL, 1, version=5), secured(KJELD, 2, version=5))
        assert newsroom.deliver().titles == [
            "Corrected: Podium, men's 1000 m: 1 Laurent Dubreuil (CAN), 2 Kjeld Nuis (NED)"
        ]
    with desk(DECIDED) as newsroom:
        newsroom.take(*FINISHED, secured(KJELD, 3))
        newsroom.take(ruling)
        assert newsroom.deliver().alerts == []


def test_a_podium_that_is_decided_and_changed_is_one_word_to_a_sink() -> None:
    """An id goes to a sink once, or it could not drop repeats by it."""
    with desk(rules({"podium": ["decided", "changed", "secured"]})) as newsroom:
        newsroom.take(*FINISHED, secured(KJELD, 3))
        receiver = newsroom.deliver()

    assert receiver.titles[-1].startswith("Podium, ")
    assert len(receiver.ids) == len(receiver.heard) == 4


def test_the_language_is_that_of_the_sink() -> None:
    """The file's language is for sinks that name none."""
    chosen = Rules.model_validate(
        {
            "language": "nl",
            "sinks": [
                {"name": "desk", "type": "terminal"},
                {"name": "wires", "type": "terminal", "language": "en"},
            ],
            "rules": [{}],
        }
    )
    with desk(chosen) as newsroom:
        newsroom.take(record())
        told = {sink: newsroom.deliver(sink).heard[0] for sink in ("desk", "wires")}

    assert told["desk"]["title"] == "Wereldrecord 1000 meter mannen: Thomas Krol (NED) 1.07,92"
    assert told["wires"]["title"] == "World record, men's 1000 m: Thomas Krol (NED) 1:07.92"


def test_a_word_says_what_it_is_about_and_why() -> None:
    """The message is handed on as it was."""
    with desk(rules({}, {"name": "Dutch records", "country": "NED"})) as newsroom:
        newsroom.take(record())
        (told,) = newsroom.deliver().heard

    assert told["subject"] == f"record/WR/-/M1000/{RACE_ID}/ned-krol"
    assert told["rule"] == "rule 1"
    assert told["message"] == json.loads(record().model_dump_json())
    assert (told["alert"], told["language"], told["replaces"]) == ("record", "en", None)


def test_whoever_was_told_hears_of_the_fall_after_leaving_the_rules() -> None:
    """It is kept for a sink of that name, in case it comes back."""
    with desk() as newsroom:
        newsroom.take(record())
        newsroom.deliver()
        newsroom.told.rules.clear()  # type: ignore[attr-defined]
        newsroom.take(revoked())

        assert [(one.sink, one.alert) for one in outbox.pending(newsroom.db)] == [("desk", "retraction")]


def test_a_rule_that_is_added_tells_nothing_that_was_there() -> None:
    """A record that comes again as official is no news to a rule that would have told of it before."""
    with desk(rules({"kind": "NR"})) as newsroom:
        newsroom.take(record())
        newsroom.told.rules["desk"] = (("new", rules({"kind": "WR"}).rules[0]),)  # type: ignore[index]
        newsroom.take(record(status="official"))
        assert newsroom.deliver().alerts == []
        newsroom.take(record(DUBREUIL))
        assert newsroom.deliver().alerts == ["record"]
