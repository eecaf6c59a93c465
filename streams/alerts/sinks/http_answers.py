"""What an HTTP status says about whether a message has arrived, and whether to try again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from streams.alerts.answers import DELIVERED, Answer, refused

_COME_BACK = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_FROM_BETWEEN = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
"""Answers of somebody in between, who does not know what became of it."""
_SUCCESS, _REDIRECT, _CLIENT, _SERVER = 200, 300, 400, 500


def answer_of(status: int, wait_s: float | None = None) -> Answer:
    """Read a status.

    2xx has arrived. 4xx is final but for 408, 425 and 429, and so is 3xx, because signed words follow no
    redirects. 5xx is tried again; 502 and 504 leave open whether it has arrived, others say it has not.
    """
    reason = _reason(status)
    if _SUCCESS <= status < _REDIRECT:
        return DELIVERED
    if status < _CLIENT:
        return refused(f"{reason}: redirects are not followed", final=True)
    if status in _COME_BACK:
        return refused(reason, wait_s=wait_s)
    if status < _SERVER:
        return refused(reason, final=True)
    if status in _FROM_BETWEEN:
        return Answer(delivered=False, reason=reason, doubtful=True, wait_s=wait_s)
    return refused(reason, wait_s=wait_s)


def asked_wait_s(retry_after: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date, as seconds from now; None where there is none to read."""
    if retry_after is None:
        return None
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _reason(status: int) -> str:
    try:
        return f"answered {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"answered {status}"
