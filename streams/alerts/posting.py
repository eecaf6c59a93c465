"""Putting a word into the outbox: its wire form is made once, so that every attempt sends the same bytes."""

import json
import sqlite3
from typing import Any

from streams.alerts import outbox
from streams.alerts.audience import Audience
from streams.alerts.deciding import Notice
from streams.alerts.news import Heard, PodiumMessage
from streams.alerts.wording import Told, words

_ALERTS = {"podium.event": "podium"}
"""How a word is called on the wire, where that differs."""
_REPLACING = frozenset({"correction", "official", "retraction"})


def post(
    db: sqlite3.Connection,
    audience: Audience,
    about: str,
    notice: Notice,
    told: Told,
    heard: Heard,
    now: float,
) -> bool:
    """Carry a notice out, within a transaction: drop what it takes the place of, and add its word.

    Args:
        db: the state.
        audience: who is told in which language.
        about: the subject.
        notice: what to do.
        told: what words are made of, but for what the sink heard last.
        heard: the message behind it.
        now: Unix time.

    Returns:
        Whether there is a word.
    """
    plan = notice.plan
    fate, due, attempts, error = "waiting", now + notice.hold_s, 0, None
    if plan.instead_of is not None:
        fate, due, attempts, error = outbox.turn_of(db, plan.instead_of)
    outbox.drop(db, plan.dropped)
    if notice.what is None:
        return False
    body = _body(audience, about, notice, told, heard)
    headers = [(name, value.decode(errors="replace")) for name, value in heard.headers]
    row = {
        "sink": notice.sink,
        "subject": about,
        "ce_id": heard.ce_id,
        "what": notice.what,
        "said": None if notice.said is None else json.dumps(notice.said, ensure_ascii=False),
        "official": notice.official,
        "fate": fate,
        "attempts": attempts,
        "made_at": now,
        "due": due,
        "error": error,
        "body": json.dumps(body, ensure_ascii=False),
        "headers": json.dumps(headers, ensure_ascii=False),
    }
    outbox.add(db, row)
    return True


def _body(audience: Audience, about: str, notice: Notice, told: Told, heard: Heard) -> dict[str, Any]:
    what, after = notice.what or "record", notice.plan.after
    told = told._replace(what=what, was=None if after is None else after.said)
    language = audience.languages.get(notice.sink, "en")
    title, text = words(told, language)
    body = {
        "id": heard.ce_id,
        "alert": _ALERTS.get(what, what),
        "title": title,
        "text": text,
        "language": language,
        "subject": about,
        "rule": notice.rule or None,
        "replaces": after.ce_id if after is not None and what in _REPLACING else None,
        "message": json.loads(heard.raw),
    }
    if isinstance(heard.news, PodiumMessage):
        # Without times: those of places that stay may have been corrected since.
        body["podium"] = [
            place.model_dump(mode="json", include={"rank", "rank_equal", "competitor"})
            for place in told.podium.places
        ]
    return body
