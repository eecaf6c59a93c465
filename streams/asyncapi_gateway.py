"""The gateway's WebSocket in the AsyncAPI document: messages of the output topics, each in an envelope."""

from typing import Any, TypeAlias

from schemas.gateway import Goodbye, RaceSummary, StreamStatus
from schemas.model import Model
from streams.json_schemas import OUTPUTS, type_of

Json: TypeAlias = dict[str, Any]

MODELS: tuple[type[Model], ...] = (RaceSummary, StreamStatus, Goodbye)
"""What the gateway says of its own."""

WEBSOCKET_BINDING = "0.1.0"
CHANNEL = "events"
_KINDS: dict[str, tuple[type[Model], ...]] = {
    "races": (RaceSummary,),
    **{str(stream): models for stream, models in OUTPUTS.items() if stream != "field"},
    **{type_of(model): (model,) for model in OUTPUTS["field"]},
}
_SINGLE: dict[str, tuple[type[Model], ...]] = {**_KINDS, "status": (StreamStatus,), "goodbye": (Goodbye,)}
_ABOUT = {
    "snapshot": "Everything as it stands, with a list for each kind asked for; replaces all that one knows.",
    "status": "At the beginning, when Kafka goes or comes back, and as a heartbeat; has no id.",
    "goodbye": "Why the gateway ends the connection; has no id.",
}
_TEXTS: Json = {"type": "array", "items": {"type": "string"}}
_QUERY: Json = {
    "race": _TEXTS | {"description": "Race ids; all where there is none. Not for races and rankings."},
    "discipline": _TEXTS | {"description": "Such as M1000; all where there is none. Not for rankings."},
    "competitor": _TEXTS | {"description": "Competitor ids, which narrow field.row, and ask for it."},
    "kind": _TEXTS
    | {
        "description": f"Of {', '.join(_KINDS)}. Where there is none: all but field.row and field.part.",
    },
    "delay": {"type": "number", "minimum": 0, "description": "Seconds to be held back."},
    "last_event_id": {"type": "string", "description": "The last id one has, to go on from there."},
    "token": {"type": "string", "description": "Where the gateway asks for one."},
}


def server(host: str) -> Json:
    """Describe the gateway at HOST:PORT."""
    return {
        "host": host,
        "protocol": "ws",
        "description": "`slotrit serve`. /api/stream has the same as Server-Sent Events, see /openapi.json.",
    }


def channel() -> Json:
    """Describe the address and what may be asked for there."""
    return {
        "address": "/api/ws",
        "description": "What is published, as it is told to one viewer.",
        "servers": [{"$ref": "#/servers/gateway"}],
        "messages": {name: {"$ref": f"#/components/messages/{CHANNEL}.{name}"} for name in _names()},
        "bindings": {
            "ws": {
                "method": "GET",
                "query": {"type": "object", "properties": _QUERY},
                "bindingVersion": WEBSOCKET_BINDING,
            }
        },
    }


def messages() -> dict[str, Json]:
    """Describe every event by its name among the document's messages."""
    data = {name: _one_of(models) for name, models in _SINGLE.items()}
    lists = {kind: {"type": "array", "items": data[kind]} for kind in _KINDS}
    status = {"stale": {"type": "boolean"}, "delay_s": {"type": "number"}}
    snapshot = {"type": "object", "properties": status | lists, "required": list(status)}
    return {
        f"{CHANNEL}.{name}": _message(name, told) for name, told in {"snapshot": snapshot, **data}.items()
    }


def operation() -> Json:
    """Describe that we send there."""
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{CHANNEL}"},
        "messages": [{"$ref": f"#/channels/{CHANNEL}/messages/{name}"} for name in _names()],
    }


def _names() -> tuple[str, ...]:
    return ("snapshot", *_SINGLE)


def _one_of(models: tuple[type[Model], ...]) -> Json:
    references = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in models]
    return references[0] if len(references) == 1 else {"oneOf": references}


def _message(name: str, data: Json) -> Json:
    envelope = {"id": {"type": ["string", "null"]}, "event": {"const": name}, "data": data}
    about = {"description": _ABOUT[name]} if name in _ABOUT else {}
    payload = {"type": "object", "properties": envelope, "required": list(envelope)}
    return {"name": name, **about, "payload": payload}
