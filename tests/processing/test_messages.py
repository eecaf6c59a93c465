"""Messages to the byte: CloudEvents in the headers, and dead letters that stay what they were."""

import json
from datetime import UTC, datetime
from hashlib import sha256

from schemas.podium import PodiumSecured
from schemas.race import Competitor
from streams.processing.messages import (
    CUT_HEADER,
    LARGEST_PUBLISHED_BYTES,
    REASON_HEADER,
    Received,
    dead_letter,
    published,
)
from streams.topic_setup import LARGEST_MESSAGE_BYTES

AT = datetime(2021, 11, 12, 10, 0, tzinfo=UTC)
CAUSE = Received("timing", 3, 1042, b"2021-wc1/M500/A", b'{"type": "race.flagged"}', (("ce_id", b"theirs"),))
SURE = PodiumSecured(
    race_id="2021-wc1/M500/A",
    version=7,
    as_of=AT,
    competitor=Competitor(id="ann", name="Änn", country="NED"),
    worst_rank=1,
)


def test_a_message_has_the_attributes_of_cloudevents_and_its_origin_in_headers() -> None:
    """Binary mode: the value is the event's data, everything about it is in headers, once each."""
    message = published("podium", "2021-wc1/M500/A", SURE, identity="2021-wc1/M500/A@7.2", at=AT, cause=CAUSE)
    assert message.key == b"2021-wc1/M500/A"
    assert message.headers == (
        ("ce_specversion", b"1.0"),
        ("ce_id", b"2021-wc1/M500/A@7.2/podium.secured"),
        ("ce_source", b"slotrit"),
        ("ce_type", b"podium.secured"),
        ("ce_time", b"2021-11-12T10:00:00+00:00"),
        ("content-type", b"application/json"),
        ("slotrit_cause", b"skating.timing/3/1042"),
    )


def test_the_payload_never_says_where_it_comes_from() -> None:
    """The same message of another cause has the same value, to the byte."""
    other = Received("timing", 0, 1, None, None)
    one, two = (
        published("podium", "k", SURE, identity="i", at=AT, cause=cause).value for cause in (CAUSE, other)
    )
    assert one == two
    assert json.loads(one)["competitor"]["name"] == "Änn"
    assert "Änn".encode() in one


def test_a_message_without_an_instant_has_no_time() -> None:
    """Nothing is made up from the clock."""
    message = published("podium", "k", SURE, identity="i", at=None, cause=CAUSE)
    assert "ce_time" not in dict(message.headers)


def test_a_dead_letter_is_the_message_as_it_came() -> None:
    """Key and value are the very bytes, its own headers stay but where ours say the same."""
    received = Received(
        "timing",
        3,
        1042,
        b"\xff key",
        b"\x00 not JSON",
        (("trace", b"abc"), ("trace", b"def"), ("ce_id", b"theirs"), ("slotrit_traceback", b"forged")),
    )
    letter = dead_letter(received, "why")
    assert (letter.stream, letter.key, letter.value) == ("dead-letters", b"\xff key", b"\x00 not JSON")
    assert letter.headers == (
        ("trace", b"abc"),
        ("trace", b"def"),
        ("ce_specversion", b"1.0"),
        ("ce_id", b"dead-letter@skating.timing/3/1042"),
        ("ce_source", b"slotrit"),
        ("ce_type", b"dead-letter"),
        (REASON_HEADER, b"why"),
        ("slotrit_cause", b"skating.timing/3/1042"),
    )


def test_a_tombstone_is_set_aside_as_nothing() -> None:
    """A message without value has an empty one among the dead letters, and no key stays no key."""
    letter = dead_letter(Received("timing", 0, 0, None, None), "why")
    assert (letter.key, letter.value) == (None, b"")


def test_a_dead_letter_stays_small_however_long_its_reason() -> None:
    """A reason that quotes a huge value, or a traceback without end, does not outgrow the broker's limit."""
    letter = dead_letter(CAUSE, "x" * 1_000_000, "frame\n" * 1_000_000 + "ValueError: the end")
    headers = dict(letter.headers)
    assert len(headers[REASON_HEADER]) <= 1_000
    assert len(headers["slotrit_traceback"]) <= 20_000
    assert headers["slotrit_traceback"].endswith(b"ValueError: the end")


def test_a_reason_may_quote_what_has_no_utf_8() -> None:
    """Half a surrogate pair in an error's text is written as its escape."""
    headers = dict(dead_letter(CAUSE, "got \ud83d", "trace \ud83d").headers)
    assert (headers[REASON_HEADER], headers["slotrit_traceback"]) == (b"got \\ud83d", b"trace \\ud83d")


def test_a_dead_letter_that_no_topic_takes_is_cut() -> None:
    """Its beginning is kept, and a header says how much there was; the whole is where it came from."""
    value = b"x" * 10_000_000
    received = Received("timing", 3, 1042, b"k" * 3_000_000, value, (("huge", b"y" * 3_000_000),))
    letter = dead_letter(received, "too large")
    assert letter.size <= LARGEST_PUBLISHED_BYTES < LARGEST_MESSAGE_BYTES
    assert (letter.key, letter.value) == (b"k" * 1_000, b"x" * 1_000_000)
    headers = dict(letter.headers)
    assert headers[CUT_HEADER].decode() == (
        f"key 3000000 bytes, value 10000000 bytes, sha256 {sha256(value).hexdigest()}"
    )
    assert headers["slotrit_cause"] == b"skating.timing/3/1042"
    assert "huge" not in headers


def test_a_dead_letter_that_fits_is_not_cut() -> None:
    """What a broker takes by default stays what it was, with its headers."""
    received = Received("timing", 3, 1042, b"k", b"x" * 1_048_576, (("theirs", b"y" * 500_000),))
    letter = dead_letter(received, "r" * 5_000, "t" * 50_000)
    assert letter.value == received.value
    assert CUT_HEADER not in dict(letter.headers)
