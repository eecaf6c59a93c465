"""What a message does to the set of alerts: (known, message) -> (known, notices)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.records import RecordMissed, RecordRevoked
from streams.alerts.matching import (
    asks_for_change,
    asks_for_decided,
    asks_for_mark,
    asks_for_revocation,
)
from streams.alerts.news import Heard, Marked, Meeting, PodiumMessage
from streams.alerts.podiums import Podium, decided, with_message
from streams.alerts.rules import Rule
from streams.alerts.telling import Plan, Said, Sent, What, beliefs, fallen, standing, suspended

Chains = Mapping[str, Sequence[Sent]]
"""By sink, all words to it about one subject."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the subject of a message: the record in force or the podium, and who was told what."""

    mark: Marked | None = None
    podium: Podium = field(default_factory=Podium)
    chains: Chains = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to one sink, and the plan it is part of; without `what` some words are only dropped."""

    sink: str
    plan: Plan
    what: What | None
    said: Said | None = None
    official: bool = False
    rule: str = ""
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known after a message, and whom it makes us tell what."""

    mark: Marked | None
    podium: Podium
    notices: tuple[Notice, ...]


def decide(
    rules: Mapping[str, Sequence[tuple[str, Rule]]],
    known: Known,
    heard: Heard,
    meeting: Meeting,
    *,
    quiet: bool,
) -> Outcome:
    """Take in a message about a subject. At most one word to each sink comes of it.

    Args:
        rules: by sink, the rules that concern it, each with its name.
        known: what is known of the subject.
        heard: the message; one that was taken in before must not come here.
        meeting: where the race is skated, as far as known.
        quiet: whether it is history from before the first start, of which nobody is told.
    """
    news = heard.news
    if isinstance(news, PodiumMessage):
        podium = with_message(known.podium, news)
        notices = () if quiet else _of_podium(rules, known, podium, news, meeting)
        return Outcome(None, podium, notices)
    if isinstance(news, RecordRevoked):
        return Outcome(None, known.podium, () if quiet else _of_fall(rules, known, news, meeting))
    return Outcome(news, known.podium, () if quiet else _of_mark(rules, known, news, meeting))


def _of_mark(
    rules: Mapping[str, Sequence[tuple[str, Rule]]], known: Known, mark: Marked, meeting: Meeting
) -> tuple[Notice, ...]:
    before = known.mark
    said = Said(mark.type, mark.time)
    official = mark.status == "official"
    first: What = "miss" if isinstance(mark, RecordMissed) else "record"
    notices = []
    for sink in _sinks(rules, known):
        asking = [(name, rule) for name, rule in rules.get(sink, ()) if asks_for_mark(rule, mark, meeting)]
        # Who asks now but not for what was known before has something new; the same said again is not.
        fresh = [
            (name, rule)
            for name, rule in asking
            if before is None or not asks_for_mark(rule, before, meeting)
        ]
        plan = standing(
            known.chains.get(sink, ()),
            said,
            first,
            wanted=bool(fresh),
            official=official,
            official_too=first == "record" and any(rule.official == "also" for _, rule in asking),
        )
        notices += _notice(sink, plan, said, fresh or asking, official=official)
    return tuple(notices)


def _of_fall(
    rules: Mapping[str, Sequence[tuple[str, Rule]]], known: Known, revoked: RecordRevoked, meeting: Meeting
) -> tuple[Notice, ...]:
    notices = []
    for sink in _sinks(rules, known):
        chain = known.chains.get(sink, ())
        plan = fallen(chain)
        asking = [
            (name, rule) for name, rule in rules.get(sink, ()) if asks_for_revocation(rule, revoked, meeting)
        ]
        if asking and beliefs(chain) == {None}:
            plan = Plan(plan.dropped, "revocation")
        notices += _notice(sink, plan, None, asking)
    return tuple(notices)


def _of_podium(
    rules: Mapping[str, Sequence[tuple[str, Rule]]],
    known: Known,
    podium: Podium,
    news: PodiumMessage,
    meeting: Meeting,
) -> tuple[Notice, ...]:
    before, said = decided(known.podium), decided(podium)
    notices = []
    for sink in _sinks(rules, known):
        chain = known.chains.get(sink, ())
        told = rules.get(sink, ())
        asking = [
            (name, rule) for name, rule in told if asks_for_decided(rule, podium, news.race_id, meeting)
        ]
        if said is None:
            plan = suspended(chain)
        else:
            plan = standing(chain, said, "podium", wanted=bool(asking) and said != before)
        if plan.what is None:
            changes = [(name, rule) for name, rule in told if asks_for_change(rule, news, meeting)]
            if changes:
                notices += _notice(sink, Plan(plan.dropped, "podium.event"), None, changes)
                continue
        notices += _notice(sink, plan, said, asking)
    return tuple(notices)


def _sinks(rules: Mapping[str, object], known: Known) -> list[str]:
    """Name everybody who may have to be told, also those who have left the rules and were told."""
    return list(dict.fromkeys([*rules, *known.chains]))


def _notice(
    sink: str, plan: Plan, said: Said | None, asking: Sequence[tuple[str, Rule]], *, official: bool = False
) -> list[Notice]:
    if plan.what is None and not plan.dropped:
        return []
    # Corrections and retractions are never held back: what they correct is out.
    holds = plan.what in {"record", "miss", "podium"}
    hold_s = min((rule.hold_s for _, rule in asking), default=0.0) if holds else 0.0
    return [Notice(sink, plan, plan.what, said, official, asking[0][0] if asking else "", hold_s)]
