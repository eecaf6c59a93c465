"""Each sink makes one attempt and tells truly what came of it."""

import io
import json
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from streams.alerts.answers import Answer, pause_s
from streams.alerts.outbox import Parcel
from streams.alerts.rules import Retry, Rules
from streams.alerts.sinks import Send
from streams.alerts.sinks.http_answers import answer_of, asked_wait_s
from streams.alerts.sinks.lines import readable
from streams.alerts.sinks.local import file, terminal
from streams.alerts.sinks.opening import receivers
from streams.alerts.sinks.through_apprise import through_apprise
from streams.alerts.sinks.webhook import session, signature, webhook
from streams.errors import SlotritError
from tests.alerts.hook import SIGNED_WITH, Hook, hook

# One of Apprise's many plugins needs a library that needs a module that Python will lose.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

BODY = json.dumps(
    {"alert": "retraction", "title": "Withdrawn: \x1b[31mKrol", "text": "Håvard & <Krol>", "subject": "s"}
).encode()
PARCEL = Parcel(
    id=1,
    ce_id='cup é/M500/- "1"%',
    subject="s",
    what="retraction",
    body=BODY,
    headers=(("ce_id", 'cup é/M500/- "1"%'), ("ce_type", "record.revoked"), ("slotrit_cause", "x")),
    attempts=1,
)


async def sent(url: str, timeout_s: float = 5.0, headers: dict[str, str] | None = None) -> Answer:
    """Send the parcel to a webhook, once."""
    async with session() as client:
        send = webhook(client, url, SIGNED_WITH.encode(), headers=headers or {}, timeout_s=timeout_s)
        return await send(PARCEL)


async def test_a_webhook_is_signed_json_with_the_attributes_of_the_message() -> None:
    """The server has checked the signature; what may not stand in a header is percent-encoded."""
    async with hook() as served:
        answer = await sent(served.url, headers={"X-Channel": "sports"})

    (got,) = served.everything
    assert answer.delivered
    assert got.body == BODY
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["ce-type"] == "record.revoked"
    assert got.headers["ce-id"] == got.headers["Idempotency-Key"] == "cup%20%C3%A9/M500/-%20%221%22%25"
    assert got.headers["X-Channel"] == "sports"
    assert abs(int(got.headers["Slotrit-Timestamp"]) - datetime.now(UTC).timestamp()) < 60


def test_a_signature_can_be_made_by_anybody_who_reads_the_docs() -> None:
    """`printf '1700000000.{}' | openssl dgst -sha256 -hmac secret` gives the same."""
    assert signature(b"secret", "1700000000", b"{}") == (
        "v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"
    )


@pytest.mark.parametrize(
    ("status", "final", "doubtful"),
    [
        (301, True, False),
        (308, True, False),
        (400, True, False),
        (401, True, False),
        (404, True, False),
        (408, False, False),
        (425, False, False),
        (429, False, False),
        (500, False, False),
        (502, False, True),
        (503, False, False),
        (504, False, True),
        (599, False, False),
    ],
)
async def test_statuses_say_whether_to_try_again(status: int, final: bool, doubtful: bool) -> None:
    """What a gateway answers leaves open whether it has arrived; redirects are not followed."""
    async with hook() as served:
        served.answers.append(status)
        served.headers["Location"] = "/elsewhere"
        answer = await sent(served.url)

    assert (answer.delivered, answer.final, answer.doubtful) == (False, final, doubtful)
    assert str(status) in answer.reason
    assert len(served.everything) == 1


async def test_a_connection_that_breaks_or_says_nothing_leaves_doubt() -> None:
    """The request was out; nobody can say what became of it."""
    async with hook() as served:
        served.answers.extend([-1, 0])
        broken = await sent(served.url)
        silent = await sent(served.url, timeout_s=0.2)

    assert (broken.delivered, broken.doubtful, broken.final) == (False, True, False)
    assert (silent.delivered, silent.doubtful, silent.reason) == (False, True, "no answer in 0.2 s")


@pytest.mark.parametrize(
    "url", ["http://user:hidden@127.0.0.1:{port}/hidden", "http://hidden.invalid/hidden"]
)
async def test_without_a_connection_nothing_has_arrived(url: str) -> None:
    """That is certain, and the reason does not tell the URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = await sent(url.format(port=port))

    assert (answer.delivered, answer.doubtful, answer.final) == (False, False, False)
    assert "hidden" not in answer.reason


async def test_credentials_in_a_url_are_basic_authentication() -> None:
    """As everywhere."""
    async with hook() as served:
        answer = await sent(served.url.replace("//", "//desk:word@"))

    assert answer.delivered
    assert served.everything[0].headers["Authorization"] == "Basic ZGVzazp3b3Jk"


def test_receivers_may_ask_for_patience() -> None:
    """In seconds or until a date; what is neither is passed over, and nobody waits more than an hour."""
    now = datetime(2022, 2, 18, tzinfo=UTC)
    later = format_datetime(now + timedelta(minutes=2), usegmt=True)

    assert asked_wait_s("90", now) == 90
    assert asked_wait_s(later, now) == 120
    assert asked_wait_s(format_datetime(now - timedelta(days=1), usegmt=True), now) == 0
    assert asked_wait_s("soon", now) is asked_wait_s(None, now) is None
    assert pause_s(1, Retry(), 0.0, 90) == 90
    assert pause_s(1, Retry(), 0.0, 1e9) == 3600
    assert answer_of(503, 7.0).wait_s == answer_of(429, 7.0).wait_s == 7.0


def test_pauses_double_up_to_the_longest_and_are_spread_over_their_whole_length() -> None:
    """Backoff with full jitter."""
    retry = Retry(first_s=1, longest_s=10)

    assert [pause_s(attempt, retry, 1.0) for attempt in (1, 2, 3, 4, 5, 5000)] == [1, 2, 4, 8, 10, 10]
    assert pause_s(4, retry, 0.25) == 2
    assert pause_s(4, retry, 0.0) == 0


def chat(served: Hook, query: str = "") -> Send:
    """Make a sink of Apprise's plugin for JSON, which needs nobody else's server."""
    return through_apprise("chat", served.url.replace("http://", "json://") + "/apprise" + query, 10.0)


async def test_apprise_gets_headline_and_text() -> None:
    """As plain text, and a retraction as a warning."""
    async with hook() as served:
        answer = await chat(served)(PARCEL)

    assert answer.delivered
    (got,) = served.everything
    assert (got.told["message"], got.told["type"]) == ("Håvard & <Krol>", "warning")


@pytest.mark.parametrize(
    ("status", "final", "doubtful"), [(401, True, False), (503, False, False), (-1, False, True)]
)
async def test_apprise_tells_little_of_what_went_wrong(status: int, final: bool, doubtful: bool) -> None:
    """A status that it names is taken for the answer; else nobody knows whether it has arrived."""
    async with hook() as served:
        served.answers.append(status)
        answer = await chat(served)(PARCEL)

    assert (answer.delivered, answer.final, answer.doubtful) == (False, final, doubtful)


def test_a_url_that_apprise_does_not_understand_is_one_line_without_it() -> None:
    """Tokens stand in such URLs."""
    with pytest.raises(SlotritError, match=r"^sink chat: Apprise does not understand its URL") as error:
        through_apprise("chat", "nonsense://hidden", 1.0)

    assert "hidden" not in str(error.value)


async def test_a_file_gets_whole_lines(tmp_path: Path) -> None:
    """Also after a line that somebody left unfinished."""
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b'{"alert": "rec')
    send = file(path)

    assert [(await send(PARCEL)).delivered for _ in range(2)] == [True, True]
    assert path.read_bytes() == b'{"alert": "rec\n' + BODY + b"\n" + BODY + b"\n"


async def test_a_file_that_cannot_be_written_leaves_no_doubt(tmp_path: Path) -> None:
    """Nothing has been written, so it is tried again."""
    answer = await file(tmp_path / "missing" / "alerts.jsonl")(PARCEL)

    assert (answer.delivered, answer.doubtful, answer.final) == (False, False, False)
    assert answer.reason == "cannot be written to: No such file or directory"


async def test_the_terminal_gets_lines_that_cannot_steer_it() -> None:
    """Names come from other people's systems."""
    out = io.StringIO()
    answer = await terminal(out)(PARCEL)

    assert answer.delivered
    first, second = out.getvalue().splitlines()
    assert first.endswith("  retraction  Withdrawn: [31mKrol")
    assert second.strip() == "Håvard & <Krol>"
    at = datetime(2022, 2, 18, 16, 30, tzinfo=UTC)
    assert readable(BODY, at, "desk")[0] == "16:30:00  desk  retraction  Withdrawn: [31mKrol"


def with_sink(**sink: object) -> Rules:
    """Make rules with one sink."""
    return Rules.model_validate({"sinks": [{"name": "desk"} | sink], "rules": [{}]})


def test_secrets_are_fetched_from_where_the_rules_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a variable, or from a file beside the rules; without white space around them."""
    monkeypatch.setenv("DESK_SECRET", "hush")
    (tmp_path / "secret").write_text("hush\n", encoding="utf-8")
    webhooks = {"type": "webhook", "url": "https://newsroom.example"}

    for where in ({"secret": "hush"}, {"secret_env": "DESK_SECRET"}, {"secret_file": "secret"}):
        ((receiver,),) = receivers(with_sink(**webhooks, **where), tmp_path).values()
        assert receiver.secret is not None
        assert receiver.secret.get_secret_value() == "hush"
    nobody, lost = {"secret_env": "NOBODY"}, {"secret_file": "lost"}
    with pytest.raises(SlotritError, match=r"^sink desk: secret_env: the variable NOBODY is empty$"):
        receivers(with_sink(**webhooks, **nobody), tmp_path)
    with pytest.raises(SlotritError, match=r"^sink desk: secret_file: .*/lost: cannot be read: No such"):
        receivers(with_sink(**webhooks, **lost), tmp_path)


def test_each_of_several_urls_is_a_receiver_of_its_own(tmp_path: Path) -> None:
    """One that fails is no reason to tell the others again."""
    (tmp_path / "urls").write_text("json://one\n\njson://two\n", encoding="utf-8")

    for where in ({"url": ["json://one", "json://two"]}, {"url_file": "urls"}):
        (behind,) = receivers(with_sink(type="apprise", **where), tmp_path).values()
        assert [one.name for one in behind] == ["desk/1", "desk/2"]
    (behind,) = receivers(with_sink(type="apprise", url="json://one"), tmp_path).values()
    assert [one.name for one in behind] == ["desk"]
