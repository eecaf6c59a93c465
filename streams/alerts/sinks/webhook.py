"""Webhooks: JSON by POST, signed, with the CloudEvents attributes and an idempotency key as headers."""

import hmac
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

import aiohttp

from streams.alerts.answers import Answer, refused, unclear
from streams.alerts.outbox import Parcel
from streams.alerts.sinks import Send
from streams.alerts.sinks.http_answers import answer_of, asked_wait_s

_ATTRIBUTE = re.compile(r"ce_[a-z0-9]+")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F))).replace('"', "").replace("%", "")


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """Sign a body: `v1=` and the HMAC-SHA256, in hexadecimal, of the timestamp, a point and the body."""
    return "v1=" + hmac.new(secret, timestamp.encode() + b"." + body, sha256).hexdigest()


def session() -> aiohttp.ClientSession:
    """Make what webhooks are sent with; within an event loop.

    Every attempt has a connection of its own: one that was kept open may be closed by the other end just as
    it is used, and nobody could say then whether the message arrived.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "slotrit"},
        auto_decompress=False,
    )


def webhook(
    client: aiohttp.ClientSession,
    url: str,
    secret: bytes,
    *,
    headers: Mapping[str, str],
    timeout_s: float,
) -> Send:
    """Make a sink of a URL.

    Args:
        client: see `session`.
        url: where to; with user and password for basic authentication, if need be.
        secret: what to sign with.
        headers: to be sent too.
        timeout_s: how long one attempt may take in all, and half of it for the connection.
    """
    patience = aiohttp.ClientTimeout(total=timeout_s, connect=timeout_s / 2)

    async def send(parcel: Parcel) -> Answer:
        now = str(int(time.time()))
        told = {
            **headers,
            **cloud_event(parcel.headers),
            "Content-Type": "application/json",
            "Idempotency-Key": _header(parcel.ce_id),
            "Slotrit-Timestamp": now,
            "Slotrit-Signature": signature(secret, now, parcel.body),
        }
        try:
            async with client.post(
                url, data=parcel.body, headers=told, allow_redirects=False, timeout=patience
            ) as response:
                # The status is the whole answer; what else is said is not even read.
                wait_s = asked_wait_s(response.headers.get("Retry-After"), datetime.now(UTC))
                return answer_of(response.status, wait_s)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return refused(_no_connection(error))
        except (aiohttp.InvalidURL, ValueError) as error:
            return refused(f"cannot be sent: {type(error).__name__}", final=True)
        except TimeoutError:
            return unclear(f"no answer in {timeout_s:g} s")
        except (aiohttp.ClientError, OSError) as error:
            return unclear(f"the connection broke: {type(error).__name__}")

    return send


def cloud_event(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Give the CloudEvents attributes of a message on Kafka as headers of HTTP: `ce-id` and so on."""
    return {name.replace("_", "-"): _header(value) for name, value in headers if _ATTRIBUTE.fullmatch(name)}


def _header(value: str) -> str:
    """Percent-encode what may not stand in a header, as CloudEvents' HTTP binding asks."""
    return quote(value, safe=_PRINTABLE)


def _no_connection(error: Exception) -> str:
    """Say why there is no connection, without the URL."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return "no connection in time"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its host has no address"
    if isinstance(error, aiohttp.ClientSSLError):
        return "its certificate is not trusted"
    return "no connection"
