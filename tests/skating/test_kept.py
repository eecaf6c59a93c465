"""Many things by name: what is kept is what was put in, and takes little."""

import json
import sys
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.skating.kept import FRESH, Kept, packing, shared
from streams.skating.packed import packed, unpacked


class Thing(NamedTuple):
    """Something with a colour, which must be known of all."""

    colour: str
    size: int


READ: list[str] = []
"""What was made anew from its bytes."""


def _read(raw: bytes) -> Thing:
    thing = Thing(*json.loads(raw))
    READ.append(thing.colour)
    return thing


PACKING = packing(lambda thing: json.dumps(thing).encode(), _read, lambda thing: thing.colour)
things = st.builds(Thing, st.text(max_size=3), st.integers())


def many(count: int) -> Kept[Thing, str]:
    """Keep so many things."""
    kept = Kept(PACKING)
    for number in range(count):
        kept = kept.put(str(number), Thing(f"colour {number}", number))
    return kept


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200).map(str), things), max_size=300))
def test_it_is_a_dictionary_of_what_was_put_in(puts: list[tuple[str, Thing]]) -> None:
    """Whatever is put in, and over what: the same names and things, their facts and their number."""
    kept, plain = Kept(PACKING), dict[str, Thing]()
    for name, thing in puts:
        kept = kept.put(name, thing)
        plain[name] = thing
    assert kept == plain == Kept(PACKING, iter(plain.items()))
    assert len(kept) == len(plain) == len(list(kept))
    assert dict(kept.facts()) == {name: thing.colour for name, thing in plain.items()}
    assert all(name in kept for name in plain)
    assert "nobody" not in kept
    assert kept.get("nobody") is None


def test_putting_in_leaves_the_old_one_as_it_was() -> None:
    """An event that is refused goes on from the mapping before it."""
    before = many(FRESH * 2)
    after = before.put("0", Thing("other", 0)).put("new", Thing("new", 1))
    assert before == many(FRESH * 2)
    assert (after["0"].colour, len(after), len(before)) == ("other", FRESH * 2 + 1, FRESH * 2)


def test_only_what_is_asked_for_is_made_anew() -> None:
    """Asking for names and facts reads nothing, and what was read is remembered."""
    kept = many(FRESH * 2)
    READ.clear()
    assert "1" in kept
    assert len(dict(kept.facts())) == FRESH * 2
    assert READ == []
    assert kept["1"] is kept["1"]
    assert kept[str(FRESH * 2 - 1)].size == FRESH * 2 - 1
    assert len(READ) <= 1


def test_equal_texts_are_one() -> None:
    """Facts of many races say the same season."""
    one, other = (json.loads('"2021-22"') for _ in range(2))
    assert one is not other
    assert shared(one) is shared(other)


@given(st.binary(), st.binary())
def test_what_was_packed_comes_back(raw: bytes, pattern: bytes) -> None:
    """To the byte, whatever the pattern."""
    assert unpacked(packed(raw, pattern), pattern) == raw


def test_what_looks_alike_takes_little() -> None:
    """JSON of one kind by another of it."""
    one, other = (json.dumps({"race_id": f"c/{n}", "entries": list(range(200))}).encode() for n in (1, 2))
    assert sys.getsizeof(packed(one, other)) < len(one) / 5
