"""The job in Quix Streams: a dataframe per step, its state in Quix's store (RocksDB and a changelog).

Runs in an environment of its own (`make bench` makes it), since Quix Streams asks for an older pydantic than
we do. A state that is written to the store is kept as an object too, and taken only where the store still has
what was written: to read a race anew for each of its events would cost more than all the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from quixstreams import Application, State, message_context  # type: ignore[import-not-found]
from quixstreams.models import (  # type: ignore[import-not-found]
    Row,
    SerializationContext,
    Serializer,
    Topic,
)

from bench.peers.job import Place, steps_of, told
from streams.processing.messages import Published, Received, Stream
from streams.processing.step import Step, run
from streams.topics import CHANGELOGS, STREAMS, on_broker

_CHANGES, _NAMES, _ROW = "changes", "names", "row|"


class ValueOf(Serializer):  # type: ignore[misc]
    """Gives the bytes of what is to be published."""

    def __call__(self, value: Published, ctx: SerializationContext) -> bytes:
        """Give the bytes."""
        del ctx
        return value.value


@dataclass(frozen=True, slots=True)
class Kept:
    """A group's state as an object, after how many changes it is that, and the names of its rows."""

    changes: int
    state: Any
    names: tuple[str, ...]


def stateless(step: Step[Any]) -> Callable[..., tuple[Published, ...]]:
    """Make the function of a step that remembers nothing."""

    def fold(value: bytes | None, key: bytes | None, _: int, headers: Any) -> tuple[Published, ...]:
        return run(step, lambda _: None, _received(step, key, value, headers)).published

    return fold


def stateful(step: Step[Any]) -> Callable[..., tuple[Published, ...]]:
    """Make the function of a step whose groups are in the store, each under the key of its messages."""
    at_hand: dict[str, Kept] = {}

    def fold(
        value: bytes | None, key: bytes | None, _: int, headers: Any, store: State
    ) -> tuple[Published, ...]:
        kept = Kept(0, None, ())

        def known(group: str) -> Any:
            nonlocal kept
            kept = _kept(step, at_hand.get(group), store)
            return kept.state

        outcome = run(step, known, _received(step, key, value, headers))
        if outcome.change is not None and outcome.row is not None and outcome.group is not None:
            name, row = outcome.row
            names = kept.names if name in kept.names else (*kept.names, name)
            store.set_bytes(_ROW + name, row)
            store.set(_CHANGES, kept.changes + 1)
            if names is not kept.names:
                store.set(_NAMES, list(names))
            at_hand[outcome.group] = Kept(kept.changes + 1, outcome.change.state, names)
        return outcome.published

    return fold


def _kept(step: Step[Any], known: Kept | None, store: State) -> Kept:
    changes = store.get(_CHANGES)
    if changes is None:
        return Kept(0, None, ())
    if known is not None and known.changes == changes:
        return known
    names = tuple(store.get(_NAMES))
    return Kept(changes, step.load({name: store.get_bytes(_ROW + name) for name in names}), names)


def _received(step: Step[Any], key: bytes | None, value: bytes | None, headers: Any) -> Received:
    context = message_context()
    return Received(step.reads, context.partition, context.offset, key, value, tuple(headers or ()))


def application(place: Place) -> Application:
    """Make the application, with a dataframe for each step of the job."""
    app = Application(
        broker_address=place.broker,
        consumer_group=place.group,
        auto_offset_reset="earliest",
        commit_interval=place.commit_every_s,
        processing_guarantee="at-least-once",
        state_dir=place.state,
        loglevel="WARNING",
        consumer_extra_config={
            "session.timeout.ms": int(place.session_s * 1000),
            "heartbeat.interval.ms": int(place.session_s * 1000 / 6),
        },
        producer_extra_config={
            "acks": "all",
            "batch.size": place.batch_bytes,
            "message.max.bytes": place.largest_bytes,
        },
    )
    outputs = {
        stream: app.topic(
            on_broker(topic.name, place.prefix), value_serializer=ValueOf(), value_deserializer="bytes"
        )
        for stream, topic in STREAMS.items()
    }
    for step in steps_of(place.job):
        source = app.dataframe(outputs[step.reads])
        if step.name in CHANGELOGS:
            told_ = source.apply(stateful(step), stateful=True, expand=True, metadata=True)
        else:
            told_ = source.apply(stateless(step), expand=True, metadata=True)
        told_ = told_.set_headers(lambda message, *_: list(message.headers))
        told_.update(_publishing(app, outputs), metadata=True)
    return app


def _publishing(app: Application, outputs: Mapping[Stream, Topic]) -> Callable[..., None]:
    """Make what `to_topic` does of a message, which cannot say which partition it goes to.

    What a message is placed by is the key of the one behind it, whose partition is at hand.
    """
    producer = app._processing_context.producer  # noqa: SLF001 - nobody else flushes before it commits

    def publish(message: Published, _: Any, timestamp: int, headers: Any) -> None:
        context = message_context()
        row = Row(value=message, key=message.key, timestamp=timestamp, context=context, headers=headers)
        partition = None if message.placed_by is None else context.partition
        producer.produce_row(
            row=row, topic=outputs[message.stream], key=message.key, partition=partition, timestamp=timestamp
        )

    return publish


if __name__ == "__main__":
    application(told()).run()
