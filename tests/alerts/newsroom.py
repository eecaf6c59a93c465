"""Messages made by hand, a state in memory, and receivers that believe what they are told."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from schemas.podium import PodiumChanged, PodiumPlace, PodiumSecured
from schemas.race import Competitor
from schemas.records import Holding, RecordEqualled, RecordMissed, RecordRevoked, RecordSet
from streams.alerts import outbox
from streams.alerts.answers import DELIVERED
from streams.alerts.audience import Audience, audience
from streams.alerts.intake import Arrived, ReadStream, take_in
from streams.alerts.news import News
from streams.alerts.outbox import Parcel
from streams.alerts.rules import Retry, Rules
from streams.alerts.state_file import prepare
from streams.skating.times import text

AT = datetime(2022, 2, 18, 16, 30, tzinfo=UTC)
RACE_ID = "2022-games/M1000/-"
KROL = Competitor(id="ned-krol", name="Thomas Krol", country="NED")
DUBREUIL = Competitor(id="can-dubreuil", name="Laurent Dubreuil", country="CAN")
KJELD = Competitor(id="ned-nuis", name="Kjeld Nuis", country="NED")
OLD = Holding(time_ms=68420, time="1:08.42", holder=DUBREUIL, set_on=date(2021, 12, 4))
RETRY = Retry()


def rules(*tables: dict[str, Any], sinks: Sequence[dict[str, Any]] | None = None) -> Rules:
    """Make rules; one terminal named `desk` unless told otherwise."""
    return Rules.model_validate(
        {"sinks": list(sinks or [{"name": "desk", "type": "terminal"}]), "rules": list(tables or [{}])}
    )


def _marked(competitor: Competitor, time_ms: int, known: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "WR",
        "scope": None,
        "discipline": "M1000",
        "race_id": RACE_ID,
        "version": 3,
        "as_of": AT,
        "competitor": competitor,
        "time_ms": time_ms,
        "time": text(time_ms),
        "margin_ms": 500,
        "previous": OLD,
        "status": "provisional",
    } | known


def record(competitor: Competitor = KROL, time_ms: int = 67920, **known: Any) -> RecordSet:
    """Set a world record of 1:07.92."""
    return RecordSet(**_marked(competitor, time_ms, known))


def equalled(competitor: Competitor = KROL, time_ms: int = 68420, **known: Any) -> RecordEqualled:
    """Equal the world record of 1:08.42."""
    return RecordEqualled(**_marked(competitor, time_ms, {"margin_ms": 0} | known))


def missed(competitor: Competitor = KROL, time_ms: int = 68460, **known: Any) -> RecordMissed:
    """Miss the world record of 1:08.42 by 0.04."""
    return RecordMissed(**_marked(competitor, time_ms, {"margin_ms": 40} | known))


def revoked(competitor: Competitor = KROL, time_ms: int = 67920, **known: Any) -> RecordRevoked:
    """Take the world record back."""
    unknown: dict[str, Any] = {
        "kind": "WR",
        "scope": None,
        "discipline": "M1000",
        "race_id": RACE_ID,
        "version": 9,
        "as_of": AT,
        "record": Holding(
            time_ms=time_ms, time=text(time_ms), holder=competitor, set_on=AT.date(), race_id=RACE_ID
        ),
        "in_force": OLD,
        "cause": "ruling",
    }
    return RecordRevoked(**(unknown | known))


def podium(*competitors: Competitor, cause: Any = "finish", version: int = 3) -> PodiumChanged:
    """Put competitors on the podium, in their order; nobody was there before."""
    return PodiumChanged.model_validate(
        {
            "race_id": RACE_ID,
            "version": version,
            "as_of": AT,
            "changes": tuple(
                {"competitor": one, "from": None, "to": rank} for rank, one in enumerate(competitors, start=1)
            ),
            "podium": tuple(
                PodiumPlace(rank=rank, rank_equal=False, competitor=one, time_ms=67920, time="1:07.92")
                for rank, one in enumerate(competitors, start=1)
            ),
            "cause": cause,
        }
    )


def secured(competitor: Competitor, worst_rank: int, version: int = 3) -> PodiumSecured:
    """Make a place certain."""
    return PodiumSecured(
        race_id=RACE_ID, version=version, as_of=AT, competitor=competitor, worst_rank=worst_rank
    )


def arrived(news: News, offset: int, ce_id: str | None = None, topic: str | None = None) -> Arrived:
    """Put a message on a topic; its id is made of its place unless told."""
    stream: ReadStream = "podium" if news.type.startswith("podium") else "records"
    name = ce_id or f"{news.race_id}@{news.version}.{offset}/{news.type}"
    headers = (("ce_id", name.encode()), ("ce_type", news.type.encode()), ("ce_specversion", b"1.0"))
    value = news.model_dump_json().encode()
    return Arrived(stream, topic or f"skating.{stream}", 0, offset, value, headers)


@dataclass(slots=True)
class Receiver:
    """Somebody who drops repeats by their id, and otherwise believes what they are told."""

    believes: dict[str, str] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, bytes] = field(default_factory=dict)

    def hear(self, parcel: Parcel) -> None:
        """Take a word; the same id must bring the same bytes."""
        if parcel.ce_id in self.ids:
            assert self.ids[parcel.ce_id] == parcel.body
            return
        self.ids[parcel.ce_id] = parcel.body
        told = json.loads(parcel.body)
        self.heard.append(told)
        if told["alert"] == "retraction":
            self.believes.pop(told["subject"], None)
        elif told["alert"] in {"record", "correction", "official", "miss"}:
            self.believes[told["subject"]] = f"{told['message']['type']} {told['message'].get('time')}"

    @property
    def alerts(self) -> list[str]:
        """Give what was heard, by name."""
        return [told["alert"] for told in self.heard]

    @property
    def titles(self) -> list[str]:
        """Give the headlines that were heard."""
        return [told["title"] for told in self.heard]


@dataclass(slots=True)
class Desk:
    """A dispatcher without clock and network: messages go in, words come out when asked for."""

    db: sqlite3.Connection
    told: Audience
    now: float = 1000.0
    offset: int = 0

    def take(self, *news: News) -> list[Arrived]:
        """Take messages in as one batch, and give them as they were on the topic."""
        batch = [arrived(one, self.offset + number) for number, one in enumerate(news)]
        self.again(batch)
        return batch

    def again(self, batch: Sequence[Arrived]) -> None:
        """Take messages in that may have come before; they stand further on in the topic now."""
        placed = [one._replace(offset=self.offset + number) for number, one in enumerate(batch)]
        self.offset += len(placed)
        take_in(self.db, self.told, placed, self.now)

    def deliver(self, sink: str = "desk") -> Receiver:
        """Deliver all that is due to a sink, to a receiver that takes everything."""
        receiver = Receiver()
        while (parcel := self.next(sink)) is not None:
            receiver.hear(parcel)
            outbox.settle(self.db, parcel, DELIVERED, RETRY, self.now, 1.0)
        return receiver

    def next(self, sink: str = "desk") -> Parcel | None:
        """Begin with the next word that is due and still to be said."""
        while (turn := outbox.due(self.db, sink, self.now)) is not None:
            parcel = outbox.begin(self.db, turn)
            if parcel is not None:
                return parcel
        return None


@contextmanager
def desk(chosen: Rules | None = None) -> Iterator[Desk]:
    """Make a desk with a state in memory; every kind of record goes to `desk` unless told otherwise."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        prepare(db)
        yield Desk(db, audience(chosen or rules()))
