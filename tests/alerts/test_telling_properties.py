"""Whatever comes, twice or not, and whatever happens to the words: who is told ends with what holds."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.race import Competitor
from streams.alerts import outbox
from streams.alerts.answers import DELIVERED, refused, unclear
from streams.alerts.intake import Arrived
from streams.alerts.news import News, subject
from tests.alerts.newsroom import (
    DUBREUIL,
    KROL,
    RETRY,
    Desk,
    Receiver,
    desk,
    equalled,
    record,
    revoked,
    rules,
)

SINKS = ("all", "dutch")
RULES = rules(
    {"sink": "all"},
    {"sink": "dutch", "country": "NED"},
    sinks=[{"name": name, "type": "terminal"} for name in SINKS],
)
Step = tuple[str, Any, Any, Any]

messages = st.tuples(
    st.just("message"),
    st.sampled_from(["set", "equalled", "revoked"]),
    st.sampled_from([KROL, DUBREUIL]),
    st.tuples(st.sampled_from(["WR", "NR"]), st.sampled_from([67920, 67910]), st.booleans()),
)
repeats = st.tuples(st.just("repeat"), st.integers(1, 5), st.none(), st.none())
attempts = st.tuples(
    st.just("attempt"),
    st.sampled_from(SINKS),
    st.sampled_from(["ok", "refused", "final", "lost", "arrived"]),
    st.sampled_from(["settled", "crashed", "meanwhile"]),
)
retries = st.tuples(st.just("retry"), st.none(), st.none(), st.none())


@dataclass(slots=True)
class Play:
    """A feed that keeps the contract, a dispatcher, and receivers behind connections that fail."""

    desk: Desk
    in_force: dict[str, News] = field(default_factory=dict)
    sent: list[Arrived] = field(default_factory=list)
    version: int = 0
    waiting: list[News] = field(default_factory=list)
    receivers: dict[str, Receiver] = field(default_factory=lambda: {name: Receiver() for name in SINKS})

    def say(self, what: str, who: Competitor, kind: str, time_ms: int, *, official: bool) -> None:
        """Let the feed say something, if it can be said now; what is replaced by another form falls first."""
        self.version += 1
        known: dict[str, Any] = {
            "kind": kind,
            "scope": who.country if kind == "NR" else None,
            "version": self.version,
        }
        status = {"status": "official" if official else "provisional"}
        news: News = (equalled if what == "equalled" else record)(who, time_ms, **known, **status)
        about = subject(news)
        stands = self.in_force.get(about)
        batch: list[News] = []
        if stands is not None and stands.type != f"record.{what}":
            batch.append(revoked(who, stands.time_ms, **known))  # type: ignore[union-attr]
            del self.in_force[about]
        if what != "revoked":
            batch.append(news)
            self.in_force[about] = news
        if batch:
            self.sent += self.desk.take(*batch)

    def repeat(self, count: int) -> None:
        """Let a worker that was killed say its last messages again; nobody is told anything of that."""
        for one in self.sent[-count:]:
            before = outbox.pending(self.desk.db)
            self.desk.again([one])
            assert outbox.pending(self.desk.db) == before

    def attempt(self, sink: str, outcome: str, end: str) -> None:
        """Try to deliver one word; `crashed` never learns how it went, `meanwhile` a record falls."""
        parcel = self.desk.next(sink)
        if parcel is None:
            return
        if outcome in {"ok", "arrived"}:
            self.receivers[sink].hear(parcel)
        if end == "meanwhile":
            for news in list(self.in_force.values())[:1]:
                self.say("revoked", news.competitor, news.kind, 0, official=False)  # type: ignore[union-attr]
        if end == "crashed":
            outbox.recover(self.desk.db)
            return
        answer = {
            "ok": DELIVERED,
            "refused": refused("503"),
            "final": refused("400", final=True),
            "lost": unclear("no answer"),
            "arrived": unclear("no answer"),
        }[outcome]
        outbox.settle(self.desk.db, parcel, answer, RETRY, self.desk.now, 0.0)


def play(desk_: Desk, steps: list[Step]) -> Play:
    """Play steps, then let everything through."""
    played = Play(desk_)
    for what, one, two, three in steps:
        desk_.now += 1.0
        match what:
            case "message":
                kind, time_ms, official = three
                played.say(one, two, kind, time_ms or 67920, official=official)
            case "repeat":
                played.repeat(one)
            case "attempt":
                played.attempt(one, two, three)
            case _:
                outbox.retry_failed(desk_.db, desk_.now)
    outbox.retry_failed(desk_.db, desk_.now)
    for sink in SINKS:
        for _ in range(1000):
            parcel = desk_.next(sink)
            if parcel is None:
                break
            played.receivers[sink].hear(parcel)
            outbox.settle(desk_.db, parcel, DELIVERED, RETRY, desk_.now, 0.0)
    assert outbox.pending(desk_.db) == []
    return played


def stands(played: Play, sink: str) -> dict[str, str]:
    """Give what somebody should believe in the end."""
    return {
        about: f"{news.type} {news.time}"  # type: ignore[union-attr]
        for about, news in played.in_force.items()
        if sink == "all" or news.competitor.country == "NED"  # type: ignore[union-attr]
    }


@given(st.lists(st.one_of(messages, messages, repeats, attempts, attempts, retries), max_size=40))
def test_each_sink_ends_told_exactly_what_holds(steps: list[Step]) -> None:
    """Through repeats, refusals, lost answers, crashes and records that fall while word of them is out."""
    with desk(RULES) as newsroom:
        played = play(newsroom, steps)

        for sink, receiver in played.receivers.items():
            assert receiver.believes == stands(played, sink)


@given(st.lists(st.one_of(messages, repeats), max_size=40))
def test_nobody_is_told_twice_and_nothing_false_is_sent_late(steps: list[Step]) -> None:
    """Where nothing was delivered until the end, each hears one word for each record in force, no other."""
    with desk(RULES) as newsroom:
        played = play(newsroom, steps)

        for sink, receiver in played.receivers.items():
            assert sorted(told["subject"] for told in receiver.heard) == sorted(stands(played, sink))
            assert set(receiver.alerts) <= {"record"}


@given(st.lists(st.one_of(messages, repeats), max_size=40))
def test_words_that_arrive_at_once_follow_each_change(steps: list[Step]) -> None:
    """A first word, then corrections where what is told changes, and a retraction that ends it."""
    with desk(RULES) as newsroom:
        played = Play(newsroom)
        for what, one, two, three in steps:
            if what == "message":
                played.say(one, two, three[0], three[1], official=three[2])
            else:
                played.repeat(one)
            receiver = played.receivers["all"]
            heard = newsroom.deliver("all")
            for told in heard.heard:
                known = receiver.believes.get(told["subject"])
                now = f"{told['message'].get('type')} {told['message'].get('time')}"
                expected = "record" if known is None else "correction"
                assert told["alert"] == ("retraction" if "revoked" in now and known else expected)
                assert now != known
            for told in heard.heard:
                if told["alert"] == "retraction":
                    del receiver.believes[told["subject"]]
                else:
                    receiver.believes[told["subject"]] = (
                        f"{told['message']['type']} {told['message']['time']}"
                    )
            assert receiver.believes == stands(played, "all")


@given(st.lists(st.one_of(messages, repeats, attempts, retries), max_size=40))
def test_a_retraction_only_follows_what_may_have_arrived(steps: list[Step]) -> None:
    """Who was certainly never reached by a record hears nothing of its fall."""
    clear = [
        (
            what,
            one,
            "refused" if two in {"lost", "arrived"} else two,
            "settled" if three == "crashed" else three,
        )
        for what, one, two, three in steps
    ]
    with desk(RULES) as newsroom:
        played = play(newsroom, clear)

        for receiver in played.receivers.values():
            known: set[str] = set()
            for told in receiver.heard:
                if told["alert"] == "retraction":
                    assert told["subject"] in known
                    known.discard(told["subject"])
                elif told["alert"] == "record":
                    assert told["subject"] not in known
                    known.add(told["subject"])
                else:
                    assert told["subject"] in known
