"""Reading files: what is skipped, where a line goes, and one clear line for what cannot be read."""

import gzip
import io
import json
import os
import threading
from pathlib import Path

import pytest

from streams.errors import SlotritError
from streams.event_files import checked, read_events

STARTED = b'{"type": "pair.started", "race_id": "cup/M500/A", "pair": 1}'
RECORD = (
    b'{"type": "record.listed", "kind": "WR", "discipline": "M500", "time_ms": 33610,'
    b' "holder": {"id": "1", "name": "A", "country": "RUS"}}'
)


def written(folder: Path, content: bytes, name: str = "events.jsonl") -> Path:
    """Write a file of events."""
    file = folder / name
    file.write_bytes(content)
    return file


def complaint(*paths: Path) -> str:
    """Read files that cannot be read, and give the error's text."""
    with pytest.raises(SlotritError) as raised:
        list(read_events(paths))
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_comments_and_empty_lines_are_skipped_and_numbers_kept(tmp_path: Path) -> None:
    """Line numbers are those of the file, so that an editor finds them; Windows line ends do no harm."""
    file = written(tmp_path, b"# a header\r\n\r\n" + STARTED + b"\r\n  # indented\n" + RECORD)

    lines = list(read_events([file]))

    assert [(line.number, line.stream) for line in lines] == [(3, "timing"), (5, "reference")]
    assert lines[0].value == STARTED
    assert lines[0].place == f"{file}:3"


@pytest.mark.parametrize(
    ("value", "stream", "key"),
    [
        (STARTED, "timing", b"cup/M500/A"),
        (RECORD, "reference", b"WR/M500/"),
        (b'{"type": "points_table.listed", "name": "A", "points": [3, 2]}', "reference", b"A"),
        (b'{"type": "never.seen", "race_id": "x"}', "timing", b"x"),
        (b'{"race_id": 5}', "timing", None),
        (b'{"type": ["record.listed"]}', "timing", None),
        (b'{"type": "pair.called", "race_id": ""}', "timing", None),
        (b'{"type": "pair.called", "race_id": "a", "race_id": "b"}', "timing", b"b"),
    ],
)
def test_the_type_tells_the_topic_and_the_content_the_key(
    value: bytes, stream: str, key: bytes | None, tmp_path: Path
) -> None:
    """Reference families go to their topic, all else is timing; a doubled key counts the last time."""
    (line,) = read_events([written(tmp_path, value)])

    assert (line.stream, line.key) == (stream, key)


def test_an_invalid_reference_event_has_a_key_of_its_own(tmp_path: Path) -> None:
    """A broker takes nothing without a key for a compacted topic; this one can never supersede a record."""
    first, again, other = read_events(
        [
            written(
                tmp_path,
                b'{"type": "record.listed", "kind": "WR"}\n{"type": "record.listed", "kind": "WR"}\n'
                b'{"type": "ranking.unheard_of"}',
            )
        ]
    )

    assert first.key is not None
    assert first.key.startswith(b"invalid/")
    assert first.key == again.key != other.key


def test_gzip_is_recognised_by_its_content(tmp_path: Path) -> None:
    """A compressed file reads the same, with and without .gz in its name."""
    packed = gzip.compress(STARTED + b"\n" + RECORD)

    for name in ("events.jsonl.gz", "events"):
        assert [line.number for line in read_events([written(tmp_path, packed, name)])] == [1, 2]


def test_standard_input_can_be_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Input that comes only once is kept for the length of the block, and its lines are named after it."""

    class Input:
        buffer = io.BytesIO(STARTED + b"\n")

    monkeypatch.setattr("sys.stdin", Input)

    with checked([Path("-")]) as files:
        assert files.count == 1
        assert [line.place for line in files] == ["standard input:1"]
        assert len(list(files)) == 1


def test_a_named_pipe_can_be_read_twice(tmp_path: Path) -> None:
    """What a shell makes of <(command) is copied too."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(STARTED,))
    writer.start()

    assert [line.value for line in read_events([pipe])] == [STARTED]
    writer.join()


def test_everything_is_checked_before_the_first_line_is_given(tmp_path: Path) -> None:
    """A wrong line at the end of the second file stops the first line of the first."""
    good = written(tmp_path, STARTED)
    bad = written(tmp_path, STARTED + b"\n{oops", "bad.jsonl")

    with pytest.raises(SlotritError, match=r"bad\.jsonl:2: is no JSON: key must be a string at column 2"):
        next(read_events([good, bad]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[1]", ":1: must be a JSON object, got an array"),
        (b"null", ":1: must be a JSON object, got null"),
        (b"\n" + STARTED[:-3], ":2: is no JSON: EOF while parsing a value"),
        (STARTED + STARTED, ":1: is no JSON: trailing characters"),
        (b'{"type": "\xe9"}', ":1: is no UTF-8: invalid continuation byte at byte 11"),
        (b'{"time_ms": NaN}', ":1: is no JSON: expected value at column 13"),
        (b'{"a":' * 500, ":1: is no JSON: recursion limit exceeded"),
    ],
)
def test_a_line_that_is_no_json_object_is_named(content: bytes, reason: str, tmp_path: Path) -> None:
    """The error is FILE:LINE: REASON."""
    file = written(tmp_path, content)

    assert complaint(file).startswith(f"{file}{reason}")


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    """Editors on Windows put one there."""
    (line,) = read_events([written(tmp_path, b"\xef\xbb\xbf" + STARTED)])

    assert line.value == STARTED


def test_gzip_that_was_cut_off_is_one_clear_line(tmp_path: Path) -> None:
    """A half download says so and yields nothing."""
    content = b"\n".join(json.dumps({"type": "x", "n": n}).encode() for n in range(2000))
    file = written(tmp_path, gzip.compress(content)[:-20], "events.jsonl.gz")

    assert "the gzip data is damaged or cut off" in complaint(file)


def test_missing_files_and_directories_are_one_clear_line(tmp_path: Path) -> None:
    """What is no file says why."""
    assert complaint(tmp_path / "gone.jsonl").endswith(
        "gone.jsonl: cannot be read: No such file or directory"
    )
    assert complaint(tmp_path).endswith("is a directory; name the files in it")
