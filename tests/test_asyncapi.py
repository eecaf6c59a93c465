"""The AsyncAPI document: valid by its makers' schema, and true of every message of an evening."""

import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from bench.long_race import RACE, announced_in_parts, skated_by
from streams.asyncapi import Json, asyncapi_document
from streams.cli import run
from streams.gateway.following import follow
from streams.gateway.told import KINDS
from streams.gateway.wants import Wants
from streams.processing.messages import Published, Stream
from streams.replay import OUTPUTS
from streams.topics import STREAMS
from tests.asyncapi_schema import official_schema
from tests.fixtures.replayed import replayed
from tests.gateway.in_parts import told_by
from tests.gateway.telling import channels_of, heard
from tests.processing.test_in_parts import EVENING
from tests.skating.a_race import closed, told

INPUTS: tuple[Stream, ...] = ("timing", "reference")
EVENINGS = ("torture.jsonl", "2021-okt-heerenveen.jsonl")
DOCUMENT = asyncapi_document()


def validator(schema: Json) -> Any:
    """Make a validator for a schema in the document; AsyncAPI's schemas are draft 7 and more."""
    return Draft7Validator({"components": DOCUMENT["components"], "allOf": [schema]})


MESSAGES = DOCUMENT["components"]["messages"]
PAYLOADS = {name: validator(message["payload"]) for name, message in MESSAGES.items()}
HEADERS = {name: validator(one["headers"]) for name, one in MESSAGES.items() if "headers" in one}


def published() -> Iterator[Published]:
    """Give everything that comes of two evenings and a race in parts for subscribers."""
    in_parts = told(*announced_in_parts(20), *skated_by(1), closed("OFFICIAL", 900, RACE))
    for of_an_event in in_parts.by_event:
        yield from (message for message in of_an_event if message.stream in OUTPUTS)
    for evening in EVENINGS:
        for moment in replayed(evening):
            yield from (message for message in moment.published if message.stream in OUTPUTS)


@pytest.mark.parametrize(
    "document", [DOCUMENT, asyncapi_document(host="kafka:9093", protocol="kafka-secure", partitions=4)]
)
def test_it_is_valid_by_the_official_schema(document: Json) -> None:
    """Tools that read AsyncAPI 3.0.0 read it; the schema is no rubber stamp."""
    official = Draft7Validator(official_schema())

    assert [error.message for error in official.iter_errors(document)] == []
    assert not official.is_valid(document | {"channels": {"timing": {"topic": "skating.timing"}}})


def test_every_topic_that_others_may_use_is_a_channel() -> None:
    """Topics by their names on the broker, how they are kept, and nothing that only our own steps read."""
    channels = asyncapi_document(prefix="rink.", partitions=3)["channels"]

    assert {name: channel["address"] for name, channel in channels.items()} == {
        **{str(name): f"rink.{STREAMS[name].name}" for name in (*INPUTS, *OUTPUTS)},
        "events": "/api/ws",
    }
    assert channels["standings"]["bindings"]["kafka"] == {
        "partitions": 3,
        "topicConfiguration": {"cleanup.policy": ["compact"]},
        "bindingVersion": "0.5.0",
    }


def test_we_receive_what_comes_in_and_send_what_goes_out() -> None:
    """The document is written from our side, as AsyncAPI 3 has it."""
    operations = DOCUMENT["operations"].values()

    assert [(one["action"], one["channel"]["$ref"]) for one in operations] == [
        *(("receive", f"#/channels/{name}") for name in INPUTS),
        *(("send", f"#/channels/{name}") for name in ("standings", "field", "podium", "pace", "records")),
        *(("send", f"#/channels/{name}") for name in ("rankings", "needs", "dead-letters", "events")),
    ]


def test_what_is_sent_is_as_the_document_says() -> None:
    """Payload and headers of every message of two evenings fit, and every field is described."""
    seen = set()
    for message in published():
        headers = {name: value.decode() for name, value in message.headers}
        name = headers["ce_type"]
        assert f"#/components/messages/{name}" in [
            one["$ref"] for one in DOCUMENT["channels"][message.stream]["messages"].values()
        ]
        assert [error.message for error in HEADERS[name].iter_errors(headers)] == []
        if name != "dead-letter":
            payload = json.loads(message.value)
            assert [error.message for error in PAYLOADS[name].iter_errors(payload)] == []
            described = DOCUMENT["components"]["schemas"][MESSAGES[name]["payload"]["$ref"].rsplit("/")[-1]]
            assert list(described["properties"]) == list(payload)
        seen.add(name)

    never = {"samalog.needs", *(f"events.{name}" for name in _types("events"))}
    assert seen == set(MESSAGES) - {message for name in INPUTS for message in _types(name)} - never


def test_what_we_accept_fits_and_what_has_no_form_does_not() -> None:
    """No event that did something is refused by its schema; the broken ones of the torture are."""
    refused = []
    for moment in (moment for evening in EVENINGS for moment in replayed(evening)):
        dead = any(message.stream == "dead-letters" for message in moment.published)
        payload = PAYLOADS.get(moment.type())
        fits = payload is not None and payload.is_valid(json.loads(moment.line))
        assert fits or dead, moment.line
        if not fits:
            refused.append(moment.comments[-1])

    assert {
        "Dead letter: no type.",
        "Dead letter: a type never heard of.",
        "Dead letter: a time as text.",
        "Dead letter: a lane that does not exist.",
        "Dead letter: a race_id of no form.",
    } <= set(refused)


async def test_what_the_gateway_tells_is_as_the_document_says() -> None:
    """Every event of its WebSocket, as written there, from an evening told one message after the other."""
    messages = [*heard("torture", "2021-okt-heerenveen"), *told_by(EVENING)[0]]
    channels = channels_of(messages[:100])
    everything = Wants(kinds=frozenset(KINDS))
    async with aclosing(follow(channels, channels.live, everything, None)) as batches:
        told = [*await anext(batches), *await anext(batches)]
        for message in messages[100:]:
            channels.history.take(message.told(), message.identity)
            channels.arrived()
            told += await anext(batches)
        channels.closing = "the evening is over"
        channels.arrived()
        told += [event async for batch in batches for event in batch]
    for event in told:
        payload = PAYLOADS[f"events.{event.name}"]
        assert [error.message for error in payload.iter_errors(json.loads(event.message))] == []

    assert {event.name for event in told} == set(_types("events"))
    assert not PAYLOADS["events.status"].is_valid(json.loads(told[1].message))


def test_the_command_prints_and_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the broker and the topics as configured; beside the JSON Schemas when written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLOTRIT_BROKERS", "kafka:9093,kafka:9094")
    monkeypatch.setenv("SLOTRIT_SECURITY_PROTOCOL", "SSL")

    assert run(["schema", "--asyncapi"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert run(["schema", "--out", "schemas"]) == 0

    assert printed["servers"]["kafka"] == {"host": "kafka:9093", "protocol": "kafka-secure"}
    assert json.loads((tmp_path / "schemas" / "asyncapi.json").read_text(encoding="utf-8")) == printed
    assert (tmp_path / "schemas" / "standings.schema.json").is_file()
    assert run(["schema", "--asyncapi", "--out", "schemas"]) == 2


def _types(channel: str) -> list[str]:
    return list(DOCUMENT["channels"][channel]["messages"])
