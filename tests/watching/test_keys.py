"""Keys, from the bytes of a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.watching.keys import keys, overdue

SENT = {
    b"q": "q",
    b"/": "/",
    "é".encode(): "é",
    "▸".encode(): "▸",
    "🏁".encode(): "🏁",
    b"\r": "enter",
    b"\n": "enter",
    b"\x7f": "backspace",
    b"\x08": "backspace",
    b"\x1b[A": "up",
    b"\x1bOA": "up",
    b"\x1b[1;5A": "up",
    b"\x1b[B": "down",
    b"\x1b[5~": "pageup",
    b"\x1b[6~": "pagedown",
    b"\x1b[6;2~": "pagedown",
    b"\x1b[H": "home",
    b"\x1b[1~": "home",
    b"\x1b[F": "end",
    b"\x1bOF": "end",
    b"\x1b[4~": "end",
}
NAMELESS = (
    b"\x1b[C",
    b"\x1b[3~",
    b"\x1b[15~",
    b"\x1bOP",
    b"\x1b[?1;2c",
    b"\x1b[200~",
    b"\x00",
    b"\xff",
    b"\t",
)


@pytest.mark.parametrize(("sent", "key"), SENT.items())
def test_every_key_has_a_name(sent: bytes, key: str) -> None:
    """In normal and application mode, with modifiers, as the usual terminals send them."""
    assert keys(sent) == ([key], b"")


@pytest.mark.parametrize("sent", NAMELESS)
def test_what_has_no_name_is_passed_over(sent: bytes) -> None:
    """A key that means nothing here leaves nothing behind that the next one could be taken for."""
    assert keys(sent + b"q") == (["q"], b"")


@given(sent=st.lists(st.sampled_from([*SENT, *NAMELESS])), data=st.data())
def test_pieces_are_put_together(sent: list[bytes], data: st.DataObject) -> None:
    """However a network cuts what was sent, the keys are the same, and nothing is left over."""
    whole = b"".join(sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)))))
    found: list[str] = []
    rest = b""
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        read, rest = keys(rest + whole[start:end])
        found += read

    assert (found, rest) == ([SENT[one] for one in sent if one in SENT], b"")


def test_escape_alone_is_known_when_nothing_follows() -> None:
    """It is also how an arrow begins; half an arrow is no key."""
    assert keys(b"j\x1b") == (["j"], b"\x1b")
    assert overdue(b"\x1b") == ["escape"]
    assert overdue(b"\x1b[") == []
    assert overdue(b"") == []


def test_escape_before_another_key_is_a_key() -> None:
    """Quickly pressed one after the other they may come at once; twice Esc is not half of anything."""
    assert keys(b"\x1bq") == (["escape", "q"], b"")
    assert keys(b"\x1b\x1b[A") == (["escape", "up"], b"")


@given(st.binary())
def test_whatever_comes_is_read(data: bytes) -> None:
    """No bytes are an error, and what is left over is the beginning of one key at most."""
    found, rest = keys(data)

    assert all(key.isprintable() for key in found)
    assert data.endswith(rest)
    assert keys(rest) == ([], rest)
