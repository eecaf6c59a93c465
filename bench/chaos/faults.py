"""Doing to workers and brokers what a plan says: each kind of fault is one small function.

Each does the first half of a fault and gives the second, which ends it; what happens at once gives None.
"""

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bench.chaos.cluster import Cluster, Node, answers, ended
from bench.chaos.plan import Fault, Kind
from bench.chaos.topics import demand_copies
from bench.chaos.workers import Workers
from streams.settings import Settings

End = Callable[[], Awaitable[None]]
_FULL_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Where faults happen."""

    cluster: Cluster
    workers: Workers
    settings: Settings


async def inject(ground: Ground, fault: Fault) -> End | None:
    """Do the first half of a fault; what is given back does the second.

    Raises:
        SlotritError: the brokers do not do as they are told.
    """
    return await _INJECTIONS[fault.kind](ground, fault)


async def kill_worker(ground: Ground, fault: Fault) -> None:
    """SIGKILL: it has no chance to say goodbye; the supervisor starts another."""
    ground.workers.send(ground.workers.one(fault.target), signal.SIGKILL)


async def stop_worker(ground: Ground, fault: Fault) -> None:
    """SIGTERM, as in an update: it finishes what it has in hand; the supervisor starts another."""
    ground.workers.send(ground.workers.one(fault.target), signal.SIGTERM)


async def freeze_worker(ground: Ground, fault: Fault) -> End:
    """SIGSTOP until its races have long gone to the others; then it wakes and knows nothing of that."""
    worker = ground.workers.one(fault.target)
    ground.workers.send(worker, signal.SIGSTOP)

    async def wake() -> None:
        ground.workers.send(worker, signal.SIGCONT)

    return wake


async def add_worker(ground: Ground, _: Fault) -> None:
    """One more than before; what it disturbs begins when it is there."""
    ground.workers.wanted += 1
    await ground.workers.joined()


async def remove_worker(ground: Ground, fault: Fault) -> None:
    """One fewer than before, told with SIGTERM."""
    ground.workers.wanted -= 1
    ground.workers.send(ground.workers.one(fault.target), signal.SIGTERM)


async def kill_broker(ground: Ground, fault: Fault) -> End:
    """SIGKILL a broker, and start it again on its data."""
    node = _node(ground, fault)
    node.kill()
    return _back(node)


async def fill_disk(ground: Ground, fault: Fault) -> End:
    """Fill a broker's disk: it refuses what is written, and ends, as Kafka does; then there is room again."""
    node = _node(ground, fault)
    node.fill_disk()
    await ended(node, _FULL_WITHIN_S)
    return _back(node)


async def refuse_writes(ground: Ground, fault: Fault) -> End:
    """Ask for three copies of everything while one broker is away: every write to any topic is refused.

    It is what producers see when so many disks are full that too few brokers are left.
    """
    node = _node(ground, fault)
    await demand_copies(ground.settings, 3)
    node.kill()

    async def allow() -> None:
        await demand_copies(ground.settings, 2)
        await _back(node)()

    return allow


def _node(ground: Ground, fault: Fault) -> Node:
    return ground.cluster.nodes[fault.target % len(ground.cluster.nodes)]


def _back(node: Node) -> End:
    async def start() -> None:
        node.start()
        await answers(node)

    return start


_INJECTIONS: Mapping[Kind, Callable[[Ground, Fault], Awaitable[End | None]]] = {
    "kill a worker": kill_worker,
    "stop a worker": stop_worker,
    "freeze a worker": freeze_worker,
    "add a worker": add_worker,
    "remove a worker": remove_worker,
    "kill a broker": kill_broker,
    "fill a broker's disk": fill_disk,
    "refuse all writes": refuse_writes,
}
