"""Reading the rules file: whatever is wrong in it is one line that says where."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from streams.alerts.rules import Rules
from streams.errors import SlotritError

_SECRETS = frozenset({"secret", "url", "headers"})
_LONGEST_SHOWN = 80
_DEEPEST = 3
"""How much of a place is told: the table, its number, the key."""


def read_rules(file: Path) -> Rules:
    """Read the rules.

    Raises:
        SlotritError: for a file that cannot be read or is no TOML, an unknown key, a wrong or missing value;
            as `FILE: rules.2.kind: REASON`, where tables count from 1. Secrets are not shown.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SlotritError(
            f"{file}: there is no such file; begin with docs/alerts.toml.example, or name it with --rules"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SlotritError(f"{file}: cannot be read: {_first_line(error)}") from None
    except tomllib.TOMLDecodeError as error:
        raise SlotritError(f"{file}: is no TOML: {_first_line(error)}") from None
    try:
        return Rules.model_validate(content)
    except ValidationError as error:
        raise SlotritError(f"{file}: {explained(error)}") from None


def explained(error: ValidationError) -> str:
    """Put the first complaint into one line, `rules.2.kind: must be …, got …`."""
    complaint = error.errors(include_url=False)[0]
    place = _place(complaint["loc"])
    message = complaint["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    match complaint["type"]:
        case "extra_forbidden":
            return f"{place}: there is no such key"
        case "missing":
            return f"{place}: must be given"
        case "union_tag_not_found":
            return f"{place}.type: must be given: webhook, apprise, file or terminal"
        case "union_tag_invalid":
            return f"{place}.type: must be webhook, apprise, file or terminal"
    named = complaint["loc"][-1] if complaint["loc"] else None
    simple = isinstance(complaint["input"], str | int | float | bool)
    if simple and not _SECRETS.intersection(map(str, complaint["loc"])) and named is not None:
        message += f", got {complaint['input']!r}"[: _LONGEST_SHOWN + 6]
    return f"{place}: {message}" if place else message


def _place(loc: tuple[int | str, ...]) -> str:
    parts = [part + 1 if isinstance(part, int) else part for part in loc]
    if parts[:1] == ["sinks"] and len(parts) > 2:  # noqa: PLR2004 - the type of a sink stands third, and in no file
        del parts[2]
    return ".".join(map(str, parts[:_DEEPEST]))


def _first_line(error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return told.splitlines()[0]
