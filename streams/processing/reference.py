"""The reference step: what the books list goes to the boards of its discipline. It remembers nothing."""

import hashlib
from collections.abc import Mapping

from pydantic import ValidationError

from schemas.performances import RecordUnlisted
from schemas.reference import RECORD_KINDS, REFERENCE, RecordListed
from streams.processing.messages import Received, published
from streams.processing.step import Change, Step, UnusableError, one_line


def _group(received: Received) -> str:
    return (received.key or b"").decode(errors="replace")


def _handle(_: None, received: Received) -> Change[None]:
    """Forward a listing, keyed by its discipline; a tombstone takes all listings of its board back."""
    told: RecordListed | RecordUnlisted | None
    if received.value is None:
        told, at = _unlisted(_group(received)), None
    else:
        try:
            event = REFERENCE.validate_json(received.value)
        except ValidationError as error:
            raise UnusableError(one_line(error)) from None
        told, at = event if isinstance(event, RecordListed) else None, event.occurred_at
    if told is None:
        return Change(None, None, ())
    digest = hashlib.sha256(received.value or b"").hexdigest()[:16]
    discipline = told.discipline if isinstance(told, RecordListed) else told.key.split("/")[1]
    message = published(
        "performances", discipline, told, identity=f"{_group(received)}@{digest}", at=at, cause=received
    )
    return Change(None, None, (message,))


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
