"""The contract as JSON Schemas, one a message type."""

import json
from pathlib import Path
from typing import Any, get_args

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

INPUTS: tuple[type[Model], ...] = (*get_args(TimingEvent), *get_args(ReferenceEvent))
OUTPUTS: tuple[type[Model], ...] = (
    Standings,
    PodiumChanged,
    PodiumSecured,
    Pace,
    *get_args(RecordMessage),
    Ranking,
    Needs,
    SamalogNeeds,
)


def json_schemas() -> dict[str, dict[str, Any]]:
    """Give the JSON Schema of every message of the contract, by its `type`, inputs first.

    An input's says what we accept, an output's what we send: there every field is always present.
    """
    schemas = {_type(model): model.model_json_schema(mode="validation") for model in INPUTS}
    return schemas | {_type(model): model.model_json_schema(mode="serialization") for model in OUTPUTS}


def write_json_schemas(folder: Path) -> int:
    """Write each schema to `TYPE.schema.json` in a folder, which is made where it does not exist.

    Returns:
        How many were written.

    Raises:
        SlotritError: where the folder cannot be written to.
    """
    schemas = json_schemas()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in schemas.items():
            text = json.dumps(schema, indent=2, ensure_ascii=False)
            (folder / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SlotritError(f"{folder}: cannot be written to: {error.strerror or error}") from None
    return len(schemas)


def _type(model: type[Model]) -> str:
    return str(model.model_fields["type"].default)
