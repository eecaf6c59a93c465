"""The one error of this room."""

from collections.abc import Sequence

from streams.errors import SlotritError


class BrokerError(SlotritError):
    """A broker cannot be chosen, fetched, started or kept; the message is one line that says what to do.

    Where a broker's own log tells more, its last lines are attached as a note (`__notes__`), so that a
    traceback and pytest print them and a command line may.
    """


def with_log(message: str, lines: Sequence[str]) -> BrokerError:
    """Make the error for a broker that failed, with the last lines of its log as a note.

    Args:
        message: One line, what went wrong and where.
        lines: The end of the broker's own log, oldest first; may be empty.
    """
    error = BrokerError(message)
    if lines:
        error.add_note("\n".join(("the last lines of the broker's log:", *(f"  {line}" for line in lines))))
    return error
