"""What is kept of workers that ended."""

import json

import pytest

from bench.chaos.workers import last_words


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"reason": "MessagesLostError: 10 are missing"}, id="a promise"),
        pytest.param(
            {"exception": "Traceback:\n  here\nMessagesLostError: 10 are missing\n"}, id="without a reason"
        ),
        pytest.param(
            {"reason": "MessagesLostError: 10 are missing", "exception": "Traceback:\n  here\nx\n"}, id="both"
        ),
    ],
)
def test_the_last_words_are_why_it_crashed(more: dict[str, str]) -> None:
    """The reason of the crash is what counts, not what was logged on the way out."""
    crash = {"event": "worker.crash", **more}
    log = "\n".join(("plain", json.dumps(crash), json.dumps({"event": "worker.stopped"}), ""))

    assert last_words(log) == "MessagesLostError: 10 are missing"


def test_without_a_crash_it_is_the_last_line() -> None:
    """A worker that could not begin says so in one plain line."""
    assert last_words("one\nno broker answers\n\n") == "no broker answers"
    assert last_words("") == "nothing"
