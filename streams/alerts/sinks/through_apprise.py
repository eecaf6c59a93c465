"""Chat, mail and phones: whatever Apprise can reach."""

import json
import logging
import re

import apprise

from streams.alerts.answers import DELIVERED, Answer, unclear
from streams.alerts.outbox import Parcel
from streams.alerts.sinks import Send
from streams.alerts.sinks.http_answers import answer_of
from streams.errors import SlotritError

_STATUS = re.compile(r"error=(\d{3})\b")
_WARNINGS = frozenset({"retraction", "revocation", "correction"})


def through_apprise(name: str, url: str, timeout_s: float) -> Send:
    """Make a sink of one of Apprise's URLs.

    Apprise says only whether it went well. Where it names an HTTP status that is taken for the answer; else
    nobody knows whether the message has arrived.

    Args:
        name: the sink's, for a complaint.
        url: never shown, because of what is in it.
        timeout_s: how long one attempt may take.

    Raises:
        SlotritError: where Apprise does not understand the URL.
    """
    _quiet()
    reachable = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Slotrit", app_desc="Slotrit"))
    if not reachable.add(url):
        raise SlotritError(
            f"sink {name}: Apprise does not understand its URL (not shown, it may be secret); "
            "see https://github.com/caronc/apprise for how it must look"
        )

    async def send(parcel: Parcel) -> Answer:
        told = json.loads(parcel.body)
        kind = apprise.NotifyType.WARNING if told["alert"] in _WARNINGS else apprise.NotifyType.INFO
        result = await reachable.async_notify(
            title=told["title"],
            body=told["text"],
            body_format=apprise.NotifyFormat.TEXT,
            notify_type=kind,
            timeout=timeout_s,
        )
        with result:
            if result:
                return DELIVERED
            for entry in result.logs():
                if found := _STATUS.search(entry.message):
                    return answer_of(int(found[1]))
            if result.timeout_count:
                return unclear(f"no answer in {timeout_s:g} s")
            return unclear("Apprise could not deliver it")

    return send


def _quiet() -> None:
    """Keep Apprise from writing between our lines; what it says is in its results."""
    log = logging.getLogger("apprise")
    log.propagate = False
    log.setLevel(logging.WARNING)
    if not log.handlers:
        log.addHandler(logging.NullHandler())
