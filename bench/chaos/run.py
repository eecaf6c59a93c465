"""One run: a cluster, workers, a season, faults, and the account of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from bench.chaos.cluster import BROKERS, cluster
from bench.chaos.ends import Ends, ends
from bench.chaos.faults import Ground, inject
from bench.chaos.hearing import OUTPUTS, Hearing
from bench.chaos.lag import LagWatch, Sample, is_over, standing
from bench.chaos.log import Log
from bench.chaos.order import Order
from bench.chaos.plan import SESSION_S, Fault
from bench.chaos.publishing import publish
from bench.chaos.reading import read_all
from bench.chaos.table import Injected
from bench.chaos.topics import make_topics
from bench.chaos.verdict import Case, Counted, Promise, counted, promises
from bench.chaos.workers import Workers
from streams.caught_up import caught_up
from streams.processing.messages import Stream
from streams.settings import Settings

_SLACK_S = 1.0
"""A lag that is no larger than what comes in so many seconds, is none."""
_STILL_S = 5.0
"""How long it is looked at which partitions stand still."""
_READ_WITHIN_S = 300.0


@dataclass(slots=True)
class Account:
    """What came of a run; `crashes` and `unclean` as in `Workers`."""

    injected: list[Injected] = field(default_factory=list)
    published: int = 0
    took_s: float = 0.0
    crashes: list[str] = field(default_factory=list)
    unclean: list[int] = field(default_factory=list)
    largest_lag: int = 0
    losses: int = 0
    logs: list[Log] = field(default_factory=list)
    streams: dict[Stream, Counted] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)


async def run(order: Order, folder: Path, say: Callable[[str], None]) -> Account:
    """Run it.

    Args:
        order: what to run.
        folder: gets the data of the brokers and the logs of everybody.
        say: gets a line for the reader now and then.

    Raises:
        SlotritError: the cluster could not be had, or does not do as it is told; not for a broken promise.
    """
    account = Account()
    async with cluster(folder) as running:
        settings = Settings(
            brokers=running.addresses,
            app_id="slotrit-chaos",
            partitions=order.partitions,
            replication=BROKERS,
            session_timeout_s=SESSION_S,
            broker_timeout_s=60,
        )
        await make_topics(settings)
        workers = Workers(settings, folder, order.workers)
        async with _supervised(workers):
            say(f"three brokers at {','.join(running.addresses)}, {order.workers} workers, logs in {folder}")
            await publish(settings, order.books(), per_s=10_000)
            await caught_up(settings, ("reference", "performances", "results"), _READ_WITHIN_S)
            say("the books are read; the season begins")
            lag = await _season(order, Ground(running, workers, settings), account, say)
        account.crashes, account.unclean = workers.crashes, workers.unclean
        say("reading everything that was published, and the same season in memory")
        heard, memory = await _both(settings, order)
    _settle(account, heard, memory, lag)
    return account


async def _both(settings: Settings, order: Order) -> tuple[Hearing, Ends]:
    """Read everything, and meanwhile run the season in memory, in a process of its own."""
    heard = Hearing(settings.partitions)
    heard.offer(order.everything())
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
        memory = asyncio.get_running_loop().run_in_executor(aside, _in_memory, order)
        await read_all(settings, heard)
        return heard, await memory


def _in_memory(order: Order) -> Ends:
    return ends(order.everything())


async def _season(order: Order, ground: Ground, account: Account, say: Callable[[str], None]) -> int:
    """Publish while things go wrong, wait until all is read, and give how many messages wait in the end."""
    began = time.monotonic()
    watch = LagWatch(ground.settings)
    watching = asyncio.create_task(watch.watch())
    publishing = asyncio.create_task(
        publish(ground.settings, order.season(), order.per_s, lambda: order.allowed(len(account.injected)))
    )
    breaking = asyncio.create_task(_break(order, ground, watch, account, say))
    try:
        done, _ = await asyncio.wait({publishing, breaking}, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
        account.published = publishing.result()
        say(f"{account.published} events published; waiting until they are read")
        with suppress(TimeoutError):
            async with asyncio.timeout(_READ_WITHIN_S):
                while (await watch.next()).lag > 0:
                    pass
        account.took_s = time.monotonic() - began
        account.largest_lag = watch.largest
        return (await watch.next()).lag
    finally:
        for task in (publishing, breaking, watching):
            task.cancel()
        await asyncio.gather(publishing, breaking, watching, return_exceptions=True)


async def _break(
    order: Order, ground: Ground, watch: LagWatch, account: Account, say: Callable[[str], None]
) -> None:
    """Inject the faults of the plan, each when the one before has been got over, and time the recovery."""
    began = time.monotonic()
    for fault in order.plan:
        await asyncio.sleep(max(0.0, began + fault.at_s - time.monotonic()))
        at, at_ms = time.monotonic(), int(time.time() * 1000)
        place = len(account.injected)
        account.injected.append(Injected(fault, at_ms, None))
        slack = int(order.per_s * _SLACK_S)
        recovered_s, stood = await _through(fault, ground, watch, at, slack=slack, within_s=order.within_s)
        account.injected[place] = Injected(fault, at_ms, recovered_s, stood)
        told = f"got over in {recovered_s:.1f} s" if recovered_s is not None else _not_over(stood)
        say(f"{at - began:6.1f} s  {fault.kind}, for {fault.for_s:g} s: {told}")


def _not_over(stood: Sequence[str]) -> str:
    return f"was not got over: {'; '.join(stood) or 'all go on, and too many messages wait'}"


async def _through(
    fault: Fault, ground: Ground, watch: LagWatch, at: float, *, slack: int, within_s: float
) -> tuple[float | None, tuple[str, ...]]:
    """Inject one fault, end it after its time, and wait until all is well.

    Returns:
        After how many seconds things went on for every partition, while the fault lasted or after it; None
        where they did not within `within_s` of its end, and then what stood still in the last of these.
    """
    before = watch.latest or await watch.next()
    end = await inject(ground, fault)
    first = asyncio.create_task(_over(watch, before, at, slack))
    try:
        if end is not None:
            await asyncio.sleep(max(0.0, at + fault.for_s - time.monotonic()))
            await end()
        async with asyncio.timeout(within_s):
            recovered_s = await first
            await _over(watch, before, at, slack)
    except TimeoutError:
        lately = await watch.next()
        await asyncio.sleep(_STILL_S)
        return None, standing(lately, await watch.next())
    finally:
        first.cancel()
    return recovered_s, ()


async def _over(watch: LagWatch, before: Sample, at: float, slack: int) -> float:
    after = await watch.next()
    while not is_over(before, after, now := await watch.next(), slack=slack):
        pass
    return now.at - at


@asynccontextmanager
async def _supervised(workers: Workers) -> AsyncIterator[None]:
    """Keep workers running for the length of a block, and stop them in order."""
    supervising = asyncio.create_task(workers.supervise())
    try:
        yield
    finally:
        supervising.cancel()
        await asyncio.gather(supervising, return_exceptions=True)
        await workers.stop()


def _settle(account: Account, heard: Hearing, memory: Ends, lag: int) -> None:
    stood = [
        f"{each.fault.kind} {_not_over(each.standing)}"
        for each in account.injected
        if each.recovered_s is None
    ]
    account.logs = [log for (stream, _), log in heard.logs.items() if stream in OUTPUTS]
    account.streams = counted(heard)
    account.losses = sum(each.trouble == "lost" for each in heard.script.findings)
    account.promises = promises(Case(heard, memory, lag, stood))
