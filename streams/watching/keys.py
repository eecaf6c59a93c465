"""Which keys were pressed, from the bytes that a terminal sends for them.

An arrow is several bytes, which begin with the one of the key Esc and may come in pieces, over SSH above all.
So Esc alone is known only once nothing has followed it for a moment: that is for whoever reads (see
`terminal.py`).
"""

import re

ESCAPE = b"\x1b"
_FINAL = {"A": "up", "B": "down", "H": "home", "F": "end"}
_NUMBERED = {"1": "home", "4": "end", "5": "pageup", "6": "pagedown", "7": "home", "8": "end"}
_PLAIN = {"\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace"}
_SEQUENCE = re.compile(rb"\x1b(?:\[(?P<given>[0-?]*)[ -/]*(?P<csi>[@-~])|O(?P<ss3>[@-~]))")
"""A control sequence (CSI, ECMA-48), or what keypads send in application mode (SS3)."""
_CHARACTER = re.compile(
    rb"[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
"""A character in UTF-8."""
_BEGUN = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*|O)?|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2}"
)
"""What may become a sequence, or a character, with the next bytes."""


def keys(data: bytes) -> tuple[list[str], bytes]:
    """Read keys: characters as themselves, others by their names.

    The names are `up`, `down`, `home`, `end`, `pageup`, `pagedown`, `enter`, `backspace` and `escape`; what
    has none is passed over.

    Args:
        data: what came, behind what was left over before.

    Returns:
        The keys, and the bytes at the end that are the beginning of something.
    """
    found = []
    while data and not _BEGUN.fullmatch(data):
        sequence, character = _SEQUENCE.match(data), _CHARACTER.match(data)
        if sequence is not None:
            found.append(_named(sequence))
        elif data.startswith(ESCAPE):
            found.append("escape")
        elif character is not None:
            found.append(_shown(character[0].decode(errors="ignore")))
        whole = sequence or character
        data = data[whole.end() if whole else 1 :]
    return [key for key in found if key], data


def overdue(rest: bytes) -> list[str]:
    """Read what was left over, once nothing more comes: Esc alone is a key, half a sequence is none."""
    return ["escape"] if rest == ESCAPE else []


def _named(sequence: re.Match[bytes]) -> str:
    """Name a sequence's key; modifiers, as in `ESC [ 1 ; 5 A`, make no difference."""
    given = (sequence["given"] or b"").decode().split(";")[0]
    final = (sequence["csi"] or sequence["ss3"]).decode()
    return _NUMBERED.get(given, "") if final == "~" else _FINAL.get(final, "")


def _shown(text: str) -> str:
    return _PLAIN.get(text) or (text if text.isprintable() else "")
