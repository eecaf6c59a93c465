"""Who may come in, and with how much."""

import asyncio
import hashlib

import aiohttp
import pytest

from streams.errors import SlotritError
from streams.gateway.bounded_http import LARGEST_HEAD
from streams.gateway.gate import Door, hash_of, is_known, new_token
from streams.gateway.serve import door_of
from streams.settings import Settings
from tests.gateway.telling import Gateway, gateway, heard

TOKEN, OTHER = "of-the-desk", "of-nobody"
HASH = f"sha256:{hashlib.sha256(TOKEN.encode()).hexdigest()}"
DESK = Door(tokens=(hash_of(new_token()[1]), hash_of(HASH)))


def test_a_token_is_known_by_its_hash_only() -> None:
    """The configuration never has the token itself, and no two are alike."""
    token, hashed = new_token()
    assert is_known(token, [hash_of(hashed)])
    assert token not in hashed
    assert new_token()[0] != token
    assert is_known(TOKEN, DESK.tokens)
    assert not is_known(OTHER, DESK.tokens)
    assert not is_known("", DESK.tokens)
    assert not is_known("\ud800", DESK.tokens)


@pytest.mark.parametrize("wrong", ["", "md5:00", "sha256:zz", f"sha256:{'0' * 63}", f"sha256:{'x' * 64}"])
def test_what_is_no_hash_is_refused(wrong: str) -> None:
    """A token pasted where its hash belongs would let nobody in, and be readable."""
    with pytest.raises(ValueError, match=r"must be sha256:|non-hexadecimal"):
        hash_of(wrong)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/races", {}, 401),
        ("/api/races", {"authorization": f"Bearer {TOKEN}"}, 200),
        ("/api/races", {"authorization": f"bearer {OTHER}"}, 401),
        ("/api/races", {"cookie": f"a=b; slotrit_token={TOKEN}"}, 200),
        (f"/api/races?token={TOKEN}", {}, 200),
        (f"/api/races?token={OTHER}", {"authorization": f"Bearer {TOKEN}"}, 200),
        (f"/api/races?token={OTHER}", {}, 401),
        ("/api/stream", {}, 401),
        ("/metrics", {}, 401),
        ("/docs", {}, 401),
        ("/", {}, 401),
        ("/healthz", {}, 200),
        ("/readyz", {}, 200),
    ],
)
async def test_where_there_are_tokens_one_is_needed(path: str, headers: dict[str, str], status: int) -> None:
    """In a header, the address or the page's cookie; only whether the gateway lives is for everybody."""
    async with gateway(door=DESK) as held:
        answer = await held.get(path, **headers)

    assert answer.status == status
    if status == 401:
        assert answer.json == {"detail": "a token is needed: Authorization: Bearer TOKEN, or ?token=TOKEN"}
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_page_keeps_its_token_for_what_it_asks_for() -> None:
    """A browser cannot send a header with a stream; a wrong token is never kept."""
    async with gateway(door=DESK) as held:
        page = await held.get(f"/?token={TOKEN}")
        injected = await held.get(
            f"/?token=x%0d%0aSet-Cookie:%20a=b;token={TOKEN}", cookie=f"slotrit_token={TOKEN}"
        )
        api = await held.get(f"/api/races?token={TOKEN}")

    assert page.headers["set-cookie"] == (
        f"slotrit_token={TOKEN}; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400"
    )
    assert "set-cookie" not in injected.headers
    assert "set-cookie" not in api.headers


async def test_a_websocket_needs_a_token_too() -> None:
    """And is refused before it is one."""
    async with gateway(door=DESK) as held:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await held.http.ws_connect(f"{held.url}/api/ws")
        async with held.http.ws_connect(f"{held.url}/api/ws?token={TOKEN}") as socket:
            first = await socket.receive_json()

    assert refused.value.status == 403
    assert first["event"] == "status"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 101),
        ("http://SELF", 101),
        ("https://studio.example", 101),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
async def test_a_strange_web_site_cannot_open_a_websocket(origin: str | None, status: int) -> None:
    """Browsers do not ask before they connect one, so the gateway looks at who opened it."""
    async with gateway(door=Door(origins=("https://studio.example",))) as held:
        told = None if origin is None else origin.replace("SELF", held.url.removeprefix("http://"))
        try:
            async with held.http.ws_connect(f"{held.url}/api/ws", origin=told) as socket:
                found = 101
                await socket.receive_json()
        except aiohttp.WSServerHandshakeError as error:
            found = error.status

    assert found == status


async def test_other_web_sites_may_read_only_where_configured() -> None:
    """Static files are for everybody, since they are the same for everybody."""
    site = "https://studio.example"
    async with gateway(door=Door(origins=(site,))) as held:
        ours = await held.get("/api/races", origin=site)
        theirs = await held.get("/api/races", origin="https://evil.example")
        file = await held.get("/assets/icon.svg", origin="https://evil.example")
        async with held.http.options(
            f"{held.url}/api/stream",
            headers={
                "Origin": site,
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "last-event-id",
            },
        ) as asked:
            allowed = asked.status
    async with gateway() as closed:
        nobody = await closed.get("/api/races", origin=site)

    assert ours.headers["access-control-allow-origin"] == site
    assert ours.headers["access-control-expose-headers"] == "ETag"
    assert "access-control-allow-origin" not in theirs.headers
    assert file.headers["access-control-allow-origin"] == "*"
    assert allowed == 200
    assert "access-control-allow-origin" not in nobody.headers


async def raw(held: Gateway, sent: bytes) -> bytes:
    """Send bytes as they are, and give all that comes until the gateway closes."""
    host, _, port = held.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(sent)
        await writer.drain()
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_requests_are_bounded() -> None:
    """Body, query and head; whoever sends more is told so and cut off, and others notice nothing."""
    async with gateway() as held:
        body = await raw(held, b"GET /api/races HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999\r\n\r\n")
        strange = await raw(held, b"GET /api/races HTTP/1.1\r\nhost: x\r\ncontent-length: 1e3\r\n\r\n")
        query = await held.get(f"/api/races?x={'y' * 17_000}")
        head = await raw(held, b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * (LARGEST_HEAD + 1))
        many = await raw(held, b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * LARGEST_HEAD)
        posted = await raw(held, b"POST /api/races HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        fine = await held.get("/api/races")

    assert body.startswith(b"HTTP/1.1 413 ")
    assert strange.startswith(b"HTTP/1.1 400 ")
    assert query.status == 414
    assert head.startswith((b"HTTP/1.1 431 ", b""))
    assert b"200 OK" not in head + many
    assert posted.startswith(b"HTTP/1.1 405 ")
    assert fine.status == 200


async def test_every_answer_says_what_a_browser_may_do_with_it() -> None:
    """No sniffing, no referrer with a token in it, nothing loaded from elsewhere."""
    async with gateway(heard("torture")) as held:
        for path in ("/", "/api/races", "/assets/icon.svg", "/api/nothing"):
            headers = (await held.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["content-security-policy"].startswith("default-src 'self'; ")
            assert "server" not in headers


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_on_this_machine_alone_no_token_is_needed(host: str) -> None:
    """Who tries it out need not know of tokens."""
    assert door_of(Settings(gateway_host=host), everybody=False) == Door()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "results.example"])  # noqa: S104 - refused
def test_where_others_can_reach_it_somebody_has_to_say_who_may(host: str) -> None:
    """Nobody opens the feed to the world by changing an address."""
    with pytest.raises(SlotritError, match=r"can be reached from outside this machine"):
        door_of(Settings(gateway_host=host), everybody=False)
    assert door_of(Settings(gateway_host=host), everybody=True) == Door()
    assert door_of(Settings(gateway_host=host, gateway_tokens=(HASH,)), everybody=False).tokens == (
        hash_of(HASH),
    )
