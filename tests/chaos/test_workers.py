"""What is kept of workers that ended."""

import json

from bench.chaos.workers import last_words


def test_the_last_words_are_the_exception_of_the_crash() -> None:
    """The exception is what counts, not what was logged on the way out."""
    crash = {"event": "worker.crash", "exception": "Traceback:\n  here\nMessagesLostError: 10 are missing\n"}
    log = "\n".join(("plain", json.dumps(crash), json.dumps({"event": "worker.stopped"}), ""))

    assert last_words(log) == "MessagesLostError: 10 are missing"


def test_without_a_crash_it_is_the_last_line() -> None:
    """A worker that could not begin says so in one plain line."""
    assert last_words("one\nno broker answers\n\n") == "no broker answers"
    assert last_words("") == "nothing"
