"""The contract as an AsyncAPI document: the topics, what goes over them, and which way; and the gateway.

Only what others may rely on is in it: neither the topics between our own steps nor their changelogs.
"""

from importlib.metadata import PackageNotFoundError, version
from inspect import getdoc
from typing import Any, Literal, TypeAlias

from schemas.model import Model
from streams import asyncapi_gateway
from streams.json_schemas import INPUTS, OUTPUTS, shared_schemas, type_of
from streams.processing.messages import REASON_HEADER, SOURCE, Stream
from streams.topics import STREAMS, on_broker

Json: TypeAlias = dict[str, Any]

ASYNCAPI = "3.0.0"
KAFKA_BINDING = "0.5.0"
DEAD_LETTER = "dead-letter"
SENT: tuple[Stream, ...] = (*OUTPUTS, "dead-letters")

_ABOUT = """\
A live results feed for long-track speed skating, on Kafka: pair timings come in as events; standings, podium
changes, pace, records, needs and rankings go out.

Values are UTF-8 JSON, one object with a `type`. Times measured on the ice are integers of milliseconds
(`…_ms`), truncated, never rounded. Readers pass over fields that they do not know. A message may come twice,
with the same bytes and the same `ce_id`. Keys are partitioned with murmur2, as Java's producers do."""

_NOTES: dict[Stream, str] = {
    "timing": "An event whose key is not its race_id is a dead letter.",
    "reference": "A null value takes all listings of the board that is its key back.",
    "standings": "Keep the highest version of each key.",
    "field": "Keep the highest version of each key. All keys of a race lie in the partition of its race_id.",
    "dead-letters": "Its headers say why and whence; headers that came with it are kept.",
}
_TEXT: Json = {"type": "string"}
_INSTANT: Json = {"type": "string", "format": "date-time"}
_CAUSE: Json = _TEXT | {
    "description": "The message that led to this one: topic (without a prefix), partition, offset.",
    "examples": ["skating.timing/3/1042"],
}


def asyncapi_document(
    *,
    host: str = "localhost:9092",
    protocol: Literal["kafka", "kafka-secure"] = "kafka",
    prefix: str = "",
    partitions: int | None = None,
    gateway: str = "localhost:8080",
) -> Json:
    """Make the document, which is JSON as it is.

    Args:
        host: HOST:PORT of the broker.
        protocol: kafka-secure where one speaks TLS with it.
        prefix: stands before every topic name, as it is.
        partitions: how many every topic has, from 1; None leaves it open.
        gateway: HOST:PORT of the gateway.
    """
    inputs = {type_of(model): _input(model, stream) for stream, of in INPUTS.items() for model in of}
    outputs = {type_of(model): _output(model, stream) for stream, of in OUTPUTS.items() for model in of}
    return {
        "asyncapi": ASYNCAPI,
        "info": {"title": "Slotrit", "version": _version(), "description": _ABOUT},
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {"host": host, "protocol": protocol},
            "gateway": asyncapi_gateway.server(gateway),
        },
        "channels": {
            **{stream: _channel(stream, prefix, partitions) for stream in (*INPUTS, *SENT)},
            asyncapi_gateway.CHANNEL: asyncapi_gateway.channel(),
        },
        "operations": {
            **{f"receive-{stream}": _operation("receive", stream) for stream in INPUTS},
            **{f"send-{stream}": _operation("send", stream) for stream in SENT},
            f"send-{asyncapi_gateway.CHANNEL}": asyncapi_gateway.operation(),
        },
        "components": {
            "messages": {
                **inputs,
                **outputs,
                DEAD_LETTER: _dead_letter(),
                **asyncapi_gateway.messages(),
            },
            "schemas": shared_schemas("#/components/schemas/{model}", asyncapi_gateway.MODELS),
        },
    }


def _version() -> str:
    try:
        return version("slotrit")
    except PackageNotFoundError:
        return "0"


def _types(stream: Stream) -> list[str]:
    models = INPUTS.get(stream) or OUTPUTS.get(stream, ())
    return [type_of(model) for model in models] or [DEAD_LETTER]


def _channel(stream: Stream, prefix: str, partitions: int | None) -> Json:
    topic = STREAMS[stream]
    kept = {"topicConfiguration": {"cleanup.policy": [topic.cleanup]}, "bindingVersion": KAFKA_BINDING}
    return {
        "address": on_broker(topic.name, prefix),
        "description": f"{topic.about[0].upper()}{topic.about[1:]}. {_NOTES.get(stream, '')}".rstrip(),
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _types(stream)},
        "bindings": {"kafka": kept if partitions is None else {"partitions": partitions, **kept}},
    }


def _operation(action: Literal["receive", "send"], stream: Stream) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{stream}"},
        "messages": [{"$ref": f"#/channels/{stream}/messages/{name}"} for name in _types(stream)],
    }


def _message(name: str, stream: Stream, about: str, headers: Json, payload: Json) -> Json:
    key = _TEXT | {"description": STREAMS[stream].key}
    return {
        "name": name,
        "description": about,
        "headers": headers,
        "payload": payload,
        "bindings": {"kafka": {"key": key, "bindingVersion": KAFKA_BINDING}},
    }


def _of_model(model: type[Model], stream: Stream, headers: Json) -> Json:
    payload = {"$ref": f"#/components/schemas/{model.__name__}"}
    return _message(type_of(model), stream, getdoc(model) or "", headers, payload)


def _input(model: type[Model], stream: Stream) -> Json:
    """Describe what we read; its headers are for others, we look at none of them."""
    return _of_model(model, stream, _headers(type_of(model), {"ce_source": _TEXT}, always=()))


def _output(model: type[Model], stream: Stream) -> Json:
    ours = {"ce_source": {"const": SOURCE}, "slotrit_cause": _CAUSE}
    always = ("ce_specversion", "ce_id", "ce_source", "ce_type", "content-type", "slotrit_cause")
    return _of_model(model, stream, _headers(type_of(model), ours, always=always))


def _headers(kind: str, more: Json, *, always: tuple[str, ...]) -> Json:
    """Describe the CloudEvents attributes in binary mode; `ce_time` is not there where nothing tells it."""
    attributes = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": _TEXT,
        "ce_type": {"const": kind},
        "ce_time": _INSTANT,
        "content-type": {"const": "application/json"},
    }
    return {"type": "object", "properties": attributes | more, "required": list(always)}


def _dead_letter() -> Json:
    ours = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": _TEXT,
        "ce_source": {"const": SOURCE},
        "ce_type": {"const": DEAD_LETTER},
        REASON_HEADER: _TEXT | {"description": "Why it could not be used, for whoever sent it."},
        "slotrit_cause": _CAUSE,
    }
    trace = {"slotrit_traceback": _TEXT | {"description": "Only where our own code failed on it."}}
    headers = {"type": "object", "properties": ours | trace, "required": list(ours)}
    about = "What could not be used, to the byte as it came, with its own key and headers."
    letter = _message(DEAD_LETTER, "dead-letters", about, headers, {"description": "Whatever it was."})
    return letter | {"contentType": "application/octet-stream"}
