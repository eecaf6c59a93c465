"""Delivering by the clock: tried again and again, one sink apart from the other, and stopped cleanly."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from streams.alerts import outbox
from streams.alerts.answers import Answer
from streams.alerts.audience import audience
from streams.alerts.delivering import attempt, deliver
from streams.alerts.dispatcher import Office
from streams.alerts.errands import retry_now, try_sink
from streams.alerts.intake import take_in
from streams.alerts.outbox import Parcel
from streams.alerts.rules import Retry, Rules
from streams.alerts.sinks.opening import receivers, ways
from streams.alerts.sinks.webhook import session
from streams.alerts.state_file import dispatching
from streams.errors import SlotritError
from tests.alerts.hook import SIGNED_WITH, Hook, hook
from tests.alerts.newsroom import DUBREUIL, arrived, record, revoked

HURRIED = Retry(first_s=0.01, longest_s=0.05)


def hooked(*hooks: Hook, timeout_s: float = 0.3) -> Rules:
    """Make rules that tell every hook of every record."""
    return Rules.model_validate(
        {
            "retry": {"first_s": 0.01, "longest_s": 0.05},
            "sinks": [
                {
                    "name": f"hook{number}",
                    "type": "webhook",
                    "url": one.url,
                    "secret": SIGNED_WITH,
                    "timeout_s": timeout_s,
                }
                for number, one in enumerate(hooks)
            ],
            "rules": [{}],
        }
    )


@dataclass(slots=True)
class Post:
    """Deliveries at work."""

    db: sqlite3.Connection
    rules: Rules
    woken: dict[str, asyncio.Event]
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    offset: int = 0

    def take(self, *news: object) -> None:
        """Take messages in, as one batch."""
        batch = [arrived(one, self.offset + number) for number, one in enumerate(news)]  # type: ignore[arg-type]
        self.offset += len(batch)
        for sink in take_in(self.db, audience(self.rules), batch, time.time()):
            self.woken[sink].set()


@asynccontextmanager
async def posting(state: Path, rules: Rules) -> AsyncIterator[Post]:
    """Deliver for the length of a block."""
    async with AsyncExitStack() as stack:
        db = stack.enter_context(dispatching(state))
        client = await stack.enter_async_context(session())
        sends = ways(receivers(rules, state.parent), client, state.parent)
        post = Post(db, rules, {name: asyncio.Event() for name in sends})
        async with asyncio.TaskGroup() as tasks:
            for name, send in sends.items():
                tasks.create_task(
                    deliver(db, name, send, rules.retry, woken=post.woken[name], stop=post.stop)
                )
            try:
                yield post
            finally:
                post.stop.set()
                for event in post.woken.values():
                    event.set()


async def test_a_webhook_that_fails_gets_it_in_the_end_and_once(tmp_path: Path) -> None:
    """Through errors, silence and a broken connection; each attempt brings the same id and the same bytes."""
    async with hook() as served:
        served.answers.extend([500, 503, 0, -1, 502, 429])
        with capture_logs() as logs:
            async with posting(tmp_path / "state", hooked(served)) as post:
                post.take(record())
                await served.until(1)

    assert len(served.everything) == 7
    assert {(got.headers["Idempotency-Key"], got.body) for got in served.everything} == {
        (served.everything[0].headers["Idempotency-Key"], served.everything[0].body)
    }
    assert [told["alert"] for told in served.once] == ["record"]
    assert [(line["log_level"], line.get("reason")) for line in logs] == [
        ("warning", "answered 500 Internal Server Error"),
        ("info", None),
    ]


async def test_a_slow_sink_never_delays_the_others(tmp_path: Path) -> None:
    """One that never answers has its own queue."""
    async with hook() as slow, hook() as quick:
        slow.answers.extend([0] * 50)
        async with posting(tmp_path / "state", hooked(slow, quick, timeout_s=20)) as post:
            post.take(record())
            await slow.until(1, accepted=False)
            post.take(record(DUBREUIL, version=4), revoked(version=5))
            await quick.until(3)
            assert len(slow.everything) == 1
            slow.closing.set()
            slow.answers.clear()

    assert [told["alert"] for told in quick.once] == ["record", "record", "retraction"]


async def test_a_retraction_follows_an_alert_that_got_no_answer(tmp_path: Path) -> None:
    """The alert is false by then and not sent again; whoever may have it hears that it is withdrawn."""
    async with hook() as served:
        served.answers.append(0)
        async with posting(tmp_path / "state", hooked(served)) as post:
            post.take(record())
            await served.until(1, accepted=False)
            post.take(revoked())
            await served.until(1)

    assert [got.told["alert"] for got in served.everything] == ["record", "retraction"]
    assert served.everything[1].told["replaces"] == served.everything[0].headers["Idempotency-Key"]


async def test_what_was_refused_goes_out_when_asked(tmp_path: Path) -> None:
    """`--retry` makes an attempt itself where no dispatcher runs, and says what is left."""
    async with hook() as served:
        office = Office(hooked(served), tmp_path, tmp_path / "state")
        served.answers.append(404)
        async with posting(office.state, office.rules) as post:
            post.take(record())
            await served.until(1, accepted=False)
            while outbox.pending(post.db)[0].fate != "failed":  # noqa: ASYNC110 - a database does not call
                await asyncio.sleep(0.001)
            told = await asyncio.to_thread(retry_now, office)
            assert told == ("the running dispatcher tries 1 refused alert once more", True)
            await served.until(1)
        served.answers.append(410)
        async with posting(office.state, office.rules) as post:
            post.offset = 1
            post.take(record(DUBREUIL))
            await served.until(3, accepted=False)
        assert await asyncio.to_thread(retry_now, office) == (
            "tried 1 refused alert and all that was due once more; everything has been delivered",
            True,
        )

    assert len(served.once) == 2


async def test_a_sink_can_be_tested(tmp_path: Path) -> None:
    """Before the evening; a failure says why."""
    async with hook() as served:
        office = Office(hooked(served), tmp_path, tmp_path / "state")
        assert await asyncio.to_thread(try_sink, office, "hook0") == "the test has reached hook0"
        served.answers.append(401)
        with pytest.raises(SlotritError, match=r"^the test did not reach hook0: answered 401 Unauthorized$"):
            await asyncio.to_thread(try_sink, office, "hook0")
        with pytest.raises(SlotritError, match=r"^--test: there is no sink desk; there are hook0$"):
            await asyncio.to_thread(try_sink, office, "desk")

    assert served.once[0]["alert"] == "test"
    assert not office.state.exists()


async def test_a_failure_of_our_own_is_logged_and_leaves_doubt() -> None:
    """One word must not keep the others from going out; a terminal that is gone ends everything."""

    async def broken(_: Parcel) -> Answer:
        raise KeyError("name")

    async def gone(_: Parcel) -> Answer:
        raise BrokenPipeError

    parcel = Parcel(1, "id", "s", "record", b"{}", (), 1)
    with capture_logs() as logs:
        answer = await attempt(broken, parcel)

    assert (answer.delivered, answer.doubtful, answer.reason) == (False, True, "failed here: KeyError")
    assert logs[0]["event"] == "an attempt made our own code fail, please report it"
    with pytest.raises(BrokenPipeError):
        await attempt(gone, parcel)
