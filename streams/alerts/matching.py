"""Whether a rule asks for a message."""

from collections.abc import Iterable

from schemas.podium import PodiumChanged, PodiumSecured
from schemas.race import Competitor
from schemas.records import RecordEqualled, RecordMissed, RecordRevoked, RecordSet
from streams.alerts.news import Marked, Meeting, race_name
from streams.alerts.podiums import Podium
from streams.alerts.rules import Mark, Rule

_MARKS: dict[type, Mark] = {RecordSet: "set", RecordEqualled: "equalled", RecordMissed: "missed"}
_OF_A_VENUE = frozenset({"TR", "TRJ"})


def asks_for_mark(rule: Rule, mark: Marked, meeting: Meeting) -> bool:
    """Say whether a rule asks to be told of a record set, equalled or missed, in its present status."""
    return (
        rule.about_records
        and rule.revocations != "only"
        and _MARKS[type(mark)] in rule.when
        and (rule.official is not True or mark.status == "official")
        and _of_kind(rule, mark, meeting)
        and _in_race(rule, mark.race_id)
        and _about(rule, [mark.competitor])
    )


def asks_for_revocation(rule: Rule, revoked: RecordRevoked, meeting: Meeting) -> bool:
    """Say whether a rule asks to be told of a revoked record that the sink was not told of."""
    return (
        rule.about_records
        and rule.revocations is not False
        and _of_kind(rule, revoked, meeting)
        and _in_race(rule, revoked.race_id)
        and _about(rule, [revoked.record.holder])
    )


def asks_for_decided(rule: Rule, podium: Podium, race_id: str, meeting: Meeting) -> bool:
    """Say whether a rule asks to be told of a podium that nobody can change any more."""
    return (
        rule.podium is not None
        and "decided" in rule.podium
        and _in_race(rule, race_id)
        and _at(rule, meeting.venue_id)
        and _about(rule, (place.competitor for place in podium.places if place.rank in rule.place))
    )


def asks_for_change(rule: Rule, news: PodiumChanged | PodiumSecured, meeting: Meeting) -> bool:
    """Say whether a rule asks to be told of this change of a podium, or of this certain place."""
    if rule.podium is None or not _in_race(rule, news.race_id) or not _at(rule, meeting.venue_id):
        return False
    if isinstance(news, PodiumSecured):
        return "secured" in rule.podium and news.worst_rank in rule.place and _about(rule, [news.competitor])
    moved = [each.competitor for each in news.changes if each.from_ in rule.place or each.to in rule.place]
    return (
        "changed" in rule.podium
        and (rule.causes is None or news.cause in rule.causes)
        and _about(rule, moved)
    )


def _of_kind(rule: Rule, record: Marked | RecordRevoked, meeting: Meeting) -> bool:
    if rule.kind is not None and record.kind not in rule.kind:
        return False
    # A track record says itself where; of others the race's standings do.
    return _at(rule, record.scope if record.kind in _OF_A_VENUE else meeting.venue_id)


def _at(rule: Rule, venue_id: str | None) -> bool:
    return rule.venue is None or venue_id in rule.venue


def _in_race(rule: Rule, race_id: str) -> bool:
    race = race_name(race_id)
    code = race.discipline
    return (rule.competition is None or race.competition in rule.competition) and (
        rule.discipline is None or not {code, code[0], code[1:]}.isdisjoint(rule.discipline)
    )


def _about(rule: Rule, competitors: Iterable[Competitor]) -> bool:
    """Say whether one of them is whom a rule is about; a team's skaters count too."""
    return any(
        (rule.country is None or one.country in rule.country)
        and (
            rule.competitor is None
            or not {one.id, *(member.id for member in one.members or ())}.isdisjoint(rule.competitor)
        )
        for one in competitors
    )
