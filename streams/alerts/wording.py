"""Saying in words what an alert tells: a headline and a sentence, in the language of the sink."""

from typing import NamedTuple

from schemas.podium import PodiumChanged, PodiumSecured
from schemas.race import Competitor
from schemas.records import Holding, RecordRevoked, RecordSet
from streams.alerts.languages import LANGUAGES, Words
from streams.alerts.news import Marked, Meeting, News, race_name
from streams.alerts.podiums import Podium
from streams.alerts.rules import Language
from streams.alerts.telling import Said, What
from streams.skating.times import text

_NOBODY_KNOWN = "XXX"
"""The country of a holder whom the books do not name."""


class Told(NamedTuple):
    """Everything that words are made of. `was` is the last that the sink may have heard of the subject."""

    what: What
    news: News
    meeting: Meeting
    podium: Podium = Podium()
    was: Said | None = None


def words(told: Told, language: Language) -> tuple[str, str]:
    """Say it: a headline of a line, and a sentence or two that stand alone.

    Times are written as the language does, in Dutch as 1.07,92.
    """
    say = LANGUAGES[language]
    match told.news:
        case PodiumChanged() | PodiumSecured():
            return _podium(say, told, told.news)
        case RecordRevoked():
            return _fall(say, told, told.news)
        case _:
            return _mark(say, told, told.news)


def _mark(say: Words, told: Told, mark: Marked) -> tuple[str, str]:
    gaps = _gaps(say, mark, told.meeting)
    form = {"record.set": "record", "record.equalled": "equalled"}.get(mark.type, "missed")
    title = say.sentences[f"title_{form}"].format(**gaps)
    if told.what == "official":
        return (
            say.sentences["title_official"].format(title=title),
            say.sentences["official_set" if form == "record" else "official_equalled"].format(**gaps),
        )
    if told.what != "correction" or told.was is None:
        return title, say.sentences[form].format(**gaps)
    was = say.time(told.was.text)
    sentences = {"record.set": "correction_set", "record.equalled": "correction_equalled"}
    if isinstance(mark, RecordSet) and told.was.form == mark.type:
        return (
            say.sentences["title_correction"].format(title=title, was=was),
            say.sentences["correction"].format(**gaps, was=was),
        )
    return (
        say.sentences["title_corrected"].format(title=title),
        say.sentences[sentences.get(mark.type, "correction_missed")].format(**gaps),
    )


def _gaps(say: Words, mark: Marked, meeting: Meeting) -> dict[str, str]:
    """Fill the gaps that sentences about a mark have."""
    headline, one, the = say.kinds[mark.kind]
    gap = say.time(text(abs(mark.margin_ms)))
    previous = mark.previous
    margin = shared = old = ""
    if previous is not None:
        old = _old(say, previous)
        own = previous.holder.id == mark.competitor.id
        sentence = say.sentences["own" if own else "margin"]
        margin = sentence.format(gap=gap, old=old, time=say.time(previous.time))
        if not own and _is_known(previous.holder):
            shared = say.sentences["shared"].format(holder=_holder(say, previous))
    return {
        "headline": headline,
        "kind": one,
        "the_kind": the,
        "who": _who(mark.competitor),
        **_there(say, mark.race_id, meeting),
        "time": say.time(mark.time),
        "gap": gap,
        "margin": margin,
        "shared": shared,
        "old": old,
        "status": say.sentences["is_official" if mark.status == "official" else "provisional"],
    }


def _fall(say: Words, told: Told, revoked: RecordRevoked) -> tuple[str, str]:
    headline, one, _ = say.kinds[revoked.kind]
    record, stands = revoked.record, revoked.in_force
    in_force = ""
    if stands is not None and _is_known(stands.holder):
        in_force = say.sentences["in_force"].format(time=say.time(stands.time), holder=_holder(say, stands))
    gaps = {
        "headline": headline,
        "kind": one,
        "who": _who(record.holder),
        **_there(say, revoked.race_id, told.meeting),
        "time": say.time(record.time),
        "cause": say.causes["corrected" if revoked.cause == "correction" else revoked.cause],
        "in_force": in_force,
    }
    title = say.sentences["title_record"].format(**gaps)
    return say.sentences["title_retraction"].format(title=title), say.sentences["retraction"].format(**gaps)


def _podium(say: Words, told: Told, news: PodiumChanged | PodiumSecured) -> tuple[str, str]:
    gaps = _there(say, news.race_id, told.meeting)
    if told.what == "podium.event" and isinstance(news, PodiumSecured):
        headline, certain = say.certain[news.worst_rank]
        who = _who(news.competitor)
        return (
            say.sentences["title_secured"].format(**gaps, certain=headline, who=who),
            say.sentences["secured"].format(**gaps, certain=certain.format(who=who)),
        )
    # Only a change says the times of the moment: that of a place which stays may be corrected in silence.
    with_times = told.what == "podium.event"
    places = ", ".join(
        f"{'=' if place.rank_equal else ''}{place.rank} {_who(place.competitor)}"
        + (f" {say.time(place.time)}" if place.time and with_times else "")
        for place in told.podium.places
    )
    gaps |= {"places": places or say.sentences["nobody"], "cause": say.causes[told.podium.cause]}
    if told.what == "podium.event":
        return say.sentences["title_changed"].format(**gaps), say.sentences["changed"].format(**gaps)
    title = say.sentences["title_podium"].format(**gaps)
    if told.what == "correction":
        return (
            say.sentences["title_corrected"].format(title=title),
            say.sentences["podium_correction"].format(**gaps),
        )
    return title, say.sentences["podium"].format(**gaps)


def _old(say: Words, holding: Holding) -> str:
    """Name a time that was met: whose it is, where the books say so."""
    time = say.time(holding.time)
    if not _is_known(holding.holder):
        return say.sentences["old"].format(time=time)
    return say.sentences["of"].format(time=time, holder=_holder(say, holding))


def _holder(say: Words, holding: Holding) -> str:
    day = "" if holding.set_on is None else f", {say.day(holding.set_on)}"
    return f"{holding.holder.name} ({holding.holder.country}{day})"


def _is_known(holder: Competitor) -> bool:
    return holder.country != _NOBODY_KNOWN


def _who(competitor: Competitor) -> str:
    return f"{competitor.name} ({competitor.country})"


def _there(say: Words, race_id: str, meeting: Meeting) -> dict[str, str]:
    gaps = {"event": _event(say, race_id), "where": _where(say, race_id, meeting)}
    return gaps | {"there": say.sentences["there"].format(**gaps)}


def _event(say: Words, race_id: str) -> str:
    """Name an event: `men's 500 m`, `500 meter mannen`."""
    code = race_name(race_id).discipline
    event = code[1:]
    return say.genders[code[0]].format(say.events.get(event) or say.distance.format(event))


def _where(say: Words, race_id: str, meeting: Meeting) -> str:
    """Name the meeting, the rink, and which race of several it is; the meeting's id where it has no name."""
    race = race_name(race_id)
    place = ", ".join(filter(None, (meeting.competition or race.competition, meeting.venue)))
    which = [say.division.format(race.division)] if race.division != "-" else []
    which += [say.run.format(race.run)] if race.run is not None else []
    return say.meeting.format(place) + (f" ({', '.join(which)})" if which else "")
