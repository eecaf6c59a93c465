"""The reference step: records go to the boards of their discipline, tables and definitions to the rankings.

It remembers nothing.
"""

import hashlib
from collections.abc import Mapping

from pydantic import ValidationError

from schemas.performances import RecordUnlisted
from schemas.rankings import RankingDefined
from schemas.reference import RECORD_KINDS, REFERENCE, PointsTableListed, RecordListed, ReferenceEvent
from streams.processing.messages import Received, Stream, published
from streams.processing.results import RANKINGS_KEY
from streams.processing.step import Change, Step, UnusableError, one_line


def _group(received: Received) -> str:
    return (received.key or b"").decode(errors="replace")


def _handle(_: None, received: Received) -> Change[None]:
    """Forward a listing, a table or a definition; a tombstone takes all listings of its board back.

    Tables and definitions are not taken back by a tombstone: races that were skated count by them.
    """
    told: ReferenceEvent | RecordUnlisted | None
    if received.value is None:
        told, at = _unlisted(_group(received)), None
    else:
        try:
            event = REFERENCE.validate_json(received.value)
        except ValidationError as error:
            raise UnusableError(one_line(error)) from None
        told, at = event, event.occurred_at
    if told is None:
        return Change(None, None, ())
    digest = hashlib.sha256(received.value or b"").hexdigest()[:16]
    identity = f"{_group(received)}@{digest}"
    stream, key = _destination(told)
    return Change(None, None, (published(stream, key, told, identity=identity, at=at, cause=received),))


def _destination(told: ReferenceEvent | RecordUnlisted) -> tuple[Stream, str]:
    if isinstance(told, PointsTableListed | RankingDefined):
        return "results", RANKINGS_KEY
    discipline = told.discipline if isinstance(told, RecordListed) else told.key.split("/")[1]
    return "performances", discipline


def _unlisted(key: str) -> RecordUnlisted | None:
    """Read the key of a tombstone, `kind/discipline/scope`; None where it is of no record."""
    kind, discipline, scope = (*key.split("/", 2), "", "")[:3]
    return RecordUnlisted(key=f"{kind}/{discipline}/{scope}") if kind in RECORD_KINDS and discipline else None


def _nothing(*_: object) -> bytes:
    return b""


def _nobody(_: Mapping[str, bytes]) -> None:
    return None


REFERENCE_STEP: Step[None] = Step(
    name="reference",
    reads="reference",
    gapless=False,
    group=_group,
    handle=_handle,
    group_of_row=str,
    dump=_nothing,
    load=_nobody,
)
