"""Who may come in, and with how much: tokens, the size of requests, headers that every answer has.

Tokens are kept as SHA-256 hashes. They are long and drawn at random, so nothing slower is needed to protect
them; a hash is compared in a time that does not depend on how much of it is right.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from streams.gateway.metrics import Metrics

COOKIE = "slotrit_token"
TOKEN_BYTES = 32
LARGEST_BODY = 1_024
"""No request here has a body; this much is passed over, and more is refused."""
LONGEST_QUERY = 16_384
OPEN = ("/healthz", "/readyz", "/assets/", "/ograf/", "/favicon.ico")
"""What needs no token: whether the gateway lives, and files that are the same for everybody."""
PAGES = ("/", "/overlay/")
SECURITY_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
DOCS_POLICY = f"{POLICY}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
"""The page of the API comes from a library that writes its script into the page."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may connect: hashes of tokens, none for everybody, and the web sites that may read, `*` for all."""

    tokens: tuple[bytes, ...] = ()
    origins: tuple[str, ...] = ()


def new_token() -> tuple[str, str]:
    """Draw a token, and give it with the hash that goes into the configuration."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"


def hash_of(configured: str) -> bytes:
    """Read a hash as it is configured, `sha256:` and 64 hexadecimal digits.

    Raises:
        ValueError: where it is none.
    """
    name, _, digits = configured.partition(":")
    if name != "sha256" or len(digits) != 2 * hashlib.sha256().digest_size:
        raise ValueError("must be sha256: and 64 hexadecimal digits, as `slotrit token` prints it")
    return bytes.fromhex(digits)


def is_known(token: str, hashes: Iterable[bytes]) -> bool:
    """Say whether a token is one of those whose hashes are known, in the same time for any."""
    given = hashlib.sha256(token.encode(errors="replace")).digest()
    known = False
    for one in hashes:
        known |= hmac.compare_digest(given, one)
    return known


class Gate:
    """Lets requests through to the application, or turns them away with one sentence."""

    def __init__(self, app: ASGIApp, *, door: Door, metrics: Metrics) -> None:
        self._app = app
        self._door = door
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or turn it away."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await self._refuse(scope, send, *refusal)
            return
        remember = self._to_remember(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.update(SECURITY_HEADERS)
                answer["Content-Security-Policy"] = DOCS_POLICY if scope["path"] == "/docs" else POLICY
                if remember:
                    safe = "; Secure" if scope["scheme"] == "https" else ""
                    kept = f"{COOKIE}={remember}; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400{safe}"
                    answer.append("Set-Cookie", kept)
            await send(message)

        await self._app(scope, receive, sending)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        if len(scope.get("query_string", b"")) > LONGEST_QUERY:
            return 414, "query", f"the query must be at most {LONGEST_QUERY} bytes long"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return (
                413,
                "body",
                f"a request must have at most {LARGEST_BODY} bytes of body; nothing here takes one",
            )
        if scope["type"] == "websocket" and not self._may_embed(headers):
            return 403, "origin", "this web site may not connect; add it to gateway_cors_origins"
        if not self._door.tokens or scope["path"].startswith(OPEN):
            return None
        if any(is_known(token, self._door.tokens) for token in _tokens(scope, headers)):
            return None
        return 401, "token", "a token is needed: Authorization: Bearer TOKEN, or ?token=TOKEN"

    def _may_embed(self, headers: Headers) -> bool:
        """Say whether the page that opens a WebSocket may; browsers do not ask before they connect."""
        origin = headers.get("origin")
        if origin is None:
            return True
        allowed = "*" in self._door.origins or origin in self._door.origins
        return allowed or urlsplit(origin).netloc == headers.get("host")

    def _to_remember(self, scope: Scope) -> str | None:
        """Give the token of a page's address: what the page asks for later brings it as a cookie."""
        path = scope["path"]
        if not self._door.tokens or not (path == PAGES[0] or path.startswith(PAGES[1])):
            return None
        token = _in_query(scope)
        return token if token and is_known(token, self._door.tokens) else None

    async def _refuse(self, scope: Scope, send: Send, status: int, why: str, detail: str) -> None:
        self._metrics.refused(why)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": detail})
            return
        body = json.dumps({"detail": detail}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        if status == 401:  # noqa: PLR2004 - what HTTP calls unauthorized
            headers.append((b"www-authenticate", b"Bearer"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _in_query(scope: Scope) -> str | None:
    query = scope.get("query_string", b"").decode("latin-1")
    if "token=" not in query:
        return None
    return next(iter(parse_qs(query).get("token", [])), None)


def _tokens(scope: Scope, headers: Headers) -> list[str]:
    """Give every token that a request brings, wherever: a header, the query, or the page's cookie."""
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    found = [bearer.strip()] if scheme.lower() == "bearer" else []
    asked = _in_query(scope)
    if asked:
        found.append(asked)
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            found.append(value)
    return found
