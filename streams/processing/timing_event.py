"""Reading what comes on `skating.timing`, and refusing what no race could do anything with."""

from pydantic import ValidationError

from schemas.timing import TIMING, TimingEvent
from streams.processing.messages import Received
from streams.processing.step import UnusableError, one_line


def race_of(received: Received) -> str:
    """Give the race that a message is about, by its key.

    Raises:
        UnusableError: where the key is none.
    """
    if received.key is None:
        raise UnusableError("key: must be the race_id, got none")
    try:
        return received.key.decode()
    except UnicodeDecodeError:
        raise UnusableError("key: must be the race_id in UTF-8") from None


def timing_event(received: Received) -> TimingEvent:
    """Read a timing event.

    Raises:
        UnusableError: where it is none, or not one of the race that is the key.
    """
    if received.value is None:
        raise UnusableError("value: must be a timing event, got none")
    try:
        event = TIMING.validate_json(received.value)
    except ValidationError as error:
        raise UnusableError(one_line(error)) from None
    if event.race_id != race_of(received):
        raise UnusableError(f"key: must be the race_id {event.race_id}, got {race_of(received)}")
    return event
