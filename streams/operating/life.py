"""Signs of life: whether a worker goes on, told by threads that do not depend on its going on.

The worker's event loop writes them once a second, Faust's consumer thread says when the group is rebalancing,
and the threads of the endpoint read them. All of it is single assignments, so no lock is needed, and a loop
that hangs is told by its silence.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one agent.

    Attributes:
        finished: how many messages it has published and remembered since the worker was started.
        in_hand: how many it has folded and not yet published and remembered.
        lag: how many it has not handled of those that are on Kafka.
        waiting: whether it ought to finish something: messages wait, or Kafka has not said for a while
            whether any do.
        heard_s: for how many seconds Kafka has not said how far its partitions go; None where it never did.
    """

    finished: int
    in_hand: int = 0
    lag: int = 0
    waiting: bool = False
    heard_s: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """How a worker is.

    Attributes:
        healthy: whether it goes on; if not, starting it again may help.
        ready: whether it takes messages.
        complaints: what is wrong, for people, by agent; `worker` for what is nobody's own.
        agents: what was last seen of each, and for how many seconds it has finished nothing that waited.
    """

    healthy: bool
    ready: bool
    complaints: dict[str, str]
    agents: dict[str, dict[str, Any]]


@dataclass
class Life:
    """The signs of life of one worker.

    Attributes:
        patience_s: for how many seconds nothing may be finished, nothing be taken, or the loop be silent.
        clock: gives monotonic seconds.
    """

    patience_s: float
    clock: Callable[[], float] = time.monotonic
    _beat: float = field(init=False)
    _idle_since: float | None = field(init=False)
    _seen: dict[str, Seen] = field(init=False, default_factory=dict)
    _moved: dict[str, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._beat = self._idle_since = self.clock()

    @property
    def recovering(self) -> bool:
        """Whether no messages are taken: since the start, or since a rebalance began."""
        return self._idle_since is not None

    def rebalancing(self) -> None:
        """Note that no messages are taken from now on."""
        if self._idle_since is None:
            self._idle_since = self.clock()

    def taking(self) -> float:
        """Note that messages are taken again, and give for how many seconds they were not."""
        now = self.clock()
        since = now if self._idle_since is None else self._idle_since
        self._moved = dict.fromkeys(self._moved, now)
        self._idle_since = None
        return now - since

    def beat(self, seen: Mapping[str, Seen]) -> None:
        """Note that the loop goes round, and what is seen of the agents; of none while nothing is taken."""
        now = self.clock()
        for name, one in seen.items():
            before = self._seen.get(name)
            if before is None or one.finished != before.finished or not one.waiting:
                self._moved[name] = now
            self._seen[name] = one
        self._beat = now

    def stuck(self, name: str) -> bool:
        """Tell whether an agent has finished nothing for too long though something waits."""
        return not self.recovering and self._still_s(name) > self.patience_s

    def _still_s(self, name: str) -> float:
        now = self.clock()
        return now - self._moved.get(name, now)

    def condition(self) -> Condition:
        """Say how the worker is."""
        complaints = {}
        silent = self.clock() - self._beat
        if silent > self.patience_s:
            complaints["worker"] = f"its event loop has not gone round for {silent:.0f} s"
        idle_since = self._idle_since
        if idle_since is not None and (idle := self.clock() - idle_since) > self.patience_s:
            complaints["worker"] = f"it has been starting or recovering for {idle:.0f} s"
        for name in list(self._seen):
            if self.stuck(name):
                complaints[name] = _complaint(self._seen[name], self._still_s(name))
        return Condition(
            healthy=not complaints,
            ready=not complaints and idle_since is None,
            complaints=complaints,
            agents={
                name: {"in_hand": one.in_hand, "lag": one.lag, "still_s": round(self._still_s(name), 1)}
                for name, one in list(self._seen.items())
            },
        )


def _complaint(seen: Seen, still_s: float) -> str:
    said = f"finished nothing for {still_s:.0f} s: {seen.in_hand} in hand, {seen.lag} behind"
    if seen.heard_s is None:
        return f"{said}, nothing heard from Kafka yet"
    return f"{said}, last heard from Kafka {seen.heard_s:.0f} s ago"
