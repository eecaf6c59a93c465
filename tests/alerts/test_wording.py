"""What alerts say, in English and in Dutch."""
# ruff: noqa: E501, ISC004 - expected sentences stand whole

import pytest

from schemas.race import Competitor
from schemas.records import Holding
from streams.alerts.news import Meeting, News
from streams.alerts.podiums import Podium, with_message
from streams.alerts.rules import Language
from streams.alerts.telling import Said, What
from streams.alerts.wording import Told, words
from tests.alerts.newsroom import (
    DUBREUIL,
    KROL,
    equalled,
    missed,
    podium,
    record,
    revoked,
    secured,
)

MEETING = Meeting("Winter Games", "oval", "Oval")
WAS = Said("record.set", "1:07.91")
UNNAMED = Holding(
    time_ms=68420,
    time="1:08.42",
    holder=Competitor(id="xxx-not-reported", name="Holder not reported", country="XXX"),
    set_on=None,
)
OWN = Holding(time_ms=68420, time="1:08.42", holder=KROL, set_on=None)


def said(news: News, language: Language, what: What = "record", was: Said | None = None) -> tuple[str, str]:
    """Say a message, with the podium that it leaves."""
    after = with_message(Podium(), news) if news.type.startswith("podium") else Podium()  # type: ignore[arg-type]
    return words(Told(what, news, MEETING, after, was), language)


GAPS: dict[Language, dict[str, str]] = {
    "en": {
        "krol": "Thomas Krol (NED)",
        "there": "in the men's 1000 m at Winter Games, Oval",
        "race": "men's 1000 m at Winter Games, Oval",
        "old": "1:08.42 of Laurent Dubreuil (CAN, 4 December 2021)",
        "holder": "Laurent Dubreuil (CAN, 4 December 2021)",
        "then": "Provisional until the race is official.",
    },
    "nl": {
        "krol": "Thomas Krol (NED)",
        "there": "op de 1000 meter mannen bij Winter Games, Oval",
        "race": "1000 meter mannen bij Winter Games, Oval",
        "old": "1.08,42 van Laurent Dubreuil (CAN, 4 december 2021)",
        "holder": "Laurent Dubreuil (CAN, 4 december 2021)",
        "then": "Voorlopig, tot de uitslag officieel is.",
    },
}
"""What is the same in many sentences."""


@pytest.mark.parametrize(
    ("news", "what", "was", "english", "dutch"),
    [
        (
            record(), "record", None,
            "{krol} has skated a world record {there}: 1:07.92, 0.50 faster than the {old}. {then}",
            "{krol} heeft een wereldrecord gereden {there}: 1.07,92, 0,50 sneller dan de {old}. {then}",
        ),
        (
            record(kind="TR", scope="oval", previous=UNNAMED, status="official"), "record", None,
            "{krol} has skated a track record {there}: 1:07.92, 0.50 faster than the old 1:08.42. Official.",
            "{krol} heeft een baanrecord gereden {there}: 1.07,92, 0,50 sneller dan de oude 1.08,42. Officieel.",
        ),
        (
            record(kind="PB", scope="ned-krol", previous=OWN), "record", None,
            "{krol} has skated a personal best {there}: 1:07.92, 0.50 faster than the old one of 1:08.42. {then}",
            "{krol} heeft een persoonlijk record gereden {there}: 1.07,92, 0,50 sneller dan de oude 1.08,42. {then}",
        ),
        (
            equalled(), "record", None,
            "{krol} has equalled the world record {there}: 1:08.42, shared with {holder}. {then}",
            "{krol} heeft het wereldrecord geëvenaard {there}: 1.08,42, nu samen met {holder}. {then}",
        ),
        (
            missed(), "miss", None,
            "{krol} has missed the world record {there} by 0.04: 1:08.46 against the {old}.",
            "{krol} heeft het wereldrecord gemist {there}, met 0,04: 1.08,46 tegen de {old}.",
        ),
        (
            record(previous=None), "correction", WAS,
            "Correction: {krol} has not skated 1:07.91 but 1:07.92 {there}. It is still a world record. {then}",
            "Correctie: {krol} heeft {there} niet 1.07,91 maar 1.07,92 gereden. Het blijft een wereldrecord. {then}",
        ),
        (
            equalled(), "correction", WAS,
            "Correction: {krol} has equalled the world record {there}, not broken it: 1:08.42, "
            "shared with {holder}. {then}",
            "Correctie: {krol} heeft het wereldrecord {there} geëvenaard, niet verbeterd: 1.08,42, "
            "nu samen met {holder}. {then}",
        ),
        (
            record(status="official"), "official", None,
            "The 1:07.92 of {krol} {there} is official: a world record, 0.50 faster than the {old}.",
            "De 1.07,92 van {krol} {there} is officieel: een wereldrecord, 0,50 sneller dan de {old}.",
        ),
        (
            revoked(), "retraction", None,
            "The 1:07.92 of {krol} {there} does not stand as a world record (after a ruling). "
            "In force: 1:08.42, {holder}.",
            "De 1.07,92 van {krol} {there} telt niet als een wereldrecord (na een beslissing van de jury). "
            "Geldend: 1.08,42, {holder}.",
        ),
        (
            secured(KROL, 2), "podium.event", None,
            "{krol} cannot drop below second {there}.",
            "{krol} kan niet lager eindigen dan tweede {there}.",
        ),
        (
            podium(KROL, DUBREUIL), "podium", None,
            "The podium of the {race} is decided: 1 {krol}, 2 Laurent Dubreuil (CAN).",
            "Het podium van de {race} staat vast: 1 {krol}, 2 Laurent Dubreuil (CAN).",
        ),
        (
            podium(KROL, cause="correction"), "podium.event", None,
            "The podium of the {race} has changed after a correction: 1 {krol} 1:07.92.",
            "Het podium van de {race} is gewijzigd, na een correctie: 1 {krol} 1.07,92.",
        ),
    ],
)  # fmt: skip
def test_sentences_stand_alone(news: News, what: What, was: Said | None, english: str, dutch: str) -> None:
    """Who, what, where, the time, and against whom; times as the language writes them."""
    assert said(news, "en", what, was)[1] == english.format(**GAPS["en"])
    assert said(news, "nl", what, was)[1] == dutch.format(**GAPS["nl"])


@pytest.mark.parametrize(
    ("news", "what", "was", "english", "dutch"),
    [
        (
            record(),
            "correction",
            WAS,
            "Corrected: World record, men's 1000 m: Thomas Krol (NED) 1:07.92, was 1:07.91",
            "Correctie: Wereldrecord 1000 meter mannen: Thomas Krol (NED) 1.07,92, was 1.07,91",
        ),
        (
            revoked(),
            "retraction",
            None,
            "Withdrawn: World record, men's 1000 m: Thomas Krol (NED) 1:07.92",
            "Ingetrokken: Wereldrecord 1000 meter mannen: Thomas Krol (NED) 1.07,92",
        ),
        (
            missed(),
            "miss",
            None,
            "World record missed by 0.04, men's 1000 m: Thomas Krol (NED) 1:08.46",
            "Wereldrecord gemist met 0,04, 1000 meter mannen: Thomas Krol (NED) 1.08,46",
        ),
        (
            secured(KROL, 1),
            "podium.event",
            None,
            "First place certain, men's 1000 m: Thomas Krol (NED)",
            "Zeker van de winst, 1000 meter mannen: Thomas Krol (NED)",
        ),
    ],
)
def test_headlines_begin_with_what_happened(
    news: News, what: What, was: Said | None, english: str, dutch: str
) -> None:
    """A headline is one line that a phone shows whole."""
    assert said(news, "en", what, was)[0] == english
    assert said(news, "nl", what, was)[0] == dutch


@pytest.mark.parametrize(
    ("race_id", "discipline", "english", "dutch"),
    [
        (
            "cup/W500/A/2", "W500",
            "women's 500 m at cup (A division, race 2)", "500 meter vrouwen bij cup (A-groep, race 2)",
        ),
        ("cup/MTP/-", "MTP", "men's team pursuit at cup", "ploegenachtervolging mannen bij cup"),
        ("cup/XMR/-", "XMR", "mixed relay at cup", "gemengde estafette bij cup"),
        ("cup/WMS/B", "WMS", "women's mass start at cup (B div", "massastart vrouwen bij cup (B-groep)"),
    ],
)  # fmt: skip
def test_races_have_names_for_people(race_id: str, discipline: str, english: str, dutch: str) -> None:
    """Where the standings have not been seen the meeting is called by its id."""
    told = Told("record", record(race_id=race_id, discipline=discipline), Meeting())

    assert english in words(told, "en")[1]
    assert dutch in words(told, "nl")[1]
