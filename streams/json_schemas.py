"""The contract as JSON Schemas, one a message type."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic.json_schema import (
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
    models_json_schema,
)
from pydantic_core.core_schema import ModelSchema

from schemas.field import FieldPart, FieldRow, FieldTop
from schemas.model import Model
from schemas.needs import Needs, SamalogNeeds
from schemas.pace import Pace
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.rankings import Ranking
from schemas.records import RecordMessage
from schemas.reference import ReferenceEvent
from schemas.standings import Standings
from schemas.timing import TimingEvent
from streams.errors import SlotritError
from streams.processing.messages import Stream

INPUTS: dict[Stream, tuple[type[Model], ...]] = {
    "timing": get_args(TimingEvent),
    "reference": get_args(ReferenceEvent),
}
"""What may be sent to each topic that we read."""

OUTPUTS: dict[Stream, tuple[type[Model], ...]] = {
    "standings": (Standings,),
    "field": (FieldTop, FieldRow, FieldPart),
    "podium": (PodiumChanged, PodiumSecured),
    "pace": (Pace,),
    "records": get_args(RecordMessage),
    "rankings": (Ranking,),
    "needs": (Needs, SamalogNeeds),
}
"""What comes on each topic that we write; dead letters have no model, they are what somebody else sent."""


class _AsOnTheWire(GenerateJsonSchema):
    """What a message must have in JSON, which is more than what its model needs in Python."""

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """Demand what has a default too: every field of an output, and the `type` of an input.

        The one is always written, and without the other nobody knows what an input is.
        """
        known = super().model_schema(schema)
        properties, required = known.get("properties", {}), known.get("required", [])
        if self.mode == "serialization":
            known["required"] = list(properties)
        elif "const" in properties.get("type", {}) and "type" not in required:
            known["required"] = ["type", *required]
        return known


def json_schemas() -> dict[str, dict[str, Any]]:
    """Give the JSON Schema of every message of the contract, by its `type`, inputs first.

    An input's says what we accept, an output's what we send: there every field is always present.
    """
    return {
        type_of(model): model.model_json_schema(mode=mode, schema_generator=_AsOnTheWire)
        for model, mode in _every_model()
    }


def shared_schemas(ref_template: str, also: Sequence[type[Model]] = ()) -> dict[str, dict[str, Any]]:
    """Give the same schemas for one document, in which what several messages have stands once.

    Args:
        ref_template: how the document refers to one of them, such as `#/components/schemas/{model}`.
        also: other models of what we send.

    Returns:
        All schemas by name; a message's has the name of its model.
    """
    _, shared = models_json_schema(
        _every_model(also), ref_template=ref_template, schema_generator=_AsOnTheWire
    )
    schemas: dict[str, dict[str, Any]] = shared["$defs"]
    return schemas


def write_json_schemas(folder: Path, *, asyncapi: Mapping[str, Any]) -> int:
    """Write each schema to `TYPE.schema.json` in a folder, which is made where it does not exist.

    Args:
        folder: where to.
        asyncapi: the document that goes with them, to `asyncapi.json`.

    Returns:
        How many schemas were written.

    Raises:
        SlotritError: where the folder cannot be written to.
    """
    schemas = json_schemas()
    files = {f"{name}.schema.json": schema for name, schema in schemas.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in {**files, "asyncapi.json": asyncapi}.items():
            text = json.dumps(content, indent=2, ensure_ascii=False)
            (folder / name).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SlotritError(f"{folder}: cannot be written to: {error.strerror or error}") from None
    return len(schemas)


def type_of(model: type[Model]) -> str:
    """Give the `type` that a message's model has."""
    return str(model.model_fields["type"].default)


def _every_model(also: Sequence[type[Model]] = ()) -> list[tuple[type[Model], JsonSchemaMode]]:
    validated: JsonSchemaMode = "validation"
    serialized: JsonSchemaMode = "serialization"
    return [
        *((model, validated) for models in INPUTS.values() for model in models),
        *((model, serialized) for models in (*OUTPUTS.values(), also) for model in models),
    ]
