"""What came of an attempt to deliver, and when the next one is due."""

from dataclasses import dataclass

from streams.alerts.rules import Retry

LONGEST_ASKED_S = 3600.0
"""How long a receiver may ask us to wait, in seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt ended.

    `doubtful`: it may have arrived, though nobody said so. `final`: the same attempt would end the same way
    again. `wait_s`: how long the receiver asks us to wait.
    """

    delivered: bool
    reason: str = ""
    doubtful: bool = False
    final: bool = False
    wait_s: float | None = None


DELIVERED = Answer(delivered=True)


def refused(reason: str, *, final: bool = False, wait_s: float | None = None) -> Answer:
    """Make the answer of an attempt that certainly did not arrive."""
    return Answer(delivered=False, reason=reason, final=final, wait_s=wait_s)


def unclear(reason: str) -> Answer:
    """Make the answer of an attempt of which nobody knows whether it arrived."""
    return Answer(delivered=False, reason=reason, doubtful=True)


def pause_s(attempts: int, retry: Retry, chance: float, asked_s: float | None = None) -> float:
    """Say how many seconds to wait before the next attempt: backoff with full jitter.

    Args:
        attempts: how many have been made, from 1.
        retry: the bounds.
        chance: from 0 to 1; it spreads the pause over its whole length, so that receivers that were away
            do not get everything at once.
        asked_s: how long the receiver asks us to wait; never less than that, within an hour.
    """
    longest: float = min(retry.longest_s, retry.first_s * 2.0 ** min(attempts - 1, 30))
    return max(longest * chance, min(asked_s or 0.0, LONGEST_ASKED_S))
