"""What each role may do on the broker, made from the topics, so that it cannot drift from them.

Nothing is granted that a role does not use, and no topic by a prefix: with an empty `topic_prefix` that would
be every topic of the cluster. The names under which workers claim the right to speak for a partition do begin
alike, with the `app_id`, which is never empty. `Describe` comes with `Read` and with `Write`; an idempotent
producer needs `Write` on its topics and nothing of the cluster.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from streams.errors import SlotritError
from streams.processing.messages import Stream
from streams.processing.pipeline import steps
from streams.settings import Settings
from streams.topics import CHANGELOGS, STREAMS, on_broker

Role = Literal["setup", "worker", "viewer", "producer", "operator"]
Kind = Literal["topic", "group", "transactional-id"]
Operation = Literal["Create", "Describe", "DescribeConfigs", "Read", "Write"]

ROLES: Mapping[Role, str] = MappingProxyType({
    "setup": "slotrit topics",
    "worker": "slotrit worker",
    "viewer": "slotrit serve, alert, watch and export",
    "producer": "slotrit replay --kafka and ingest; the timing system",
    "operator": "slotrit dead-letters and record",
})  # fmt: skip
"""What each role runs."""

_PRINCIPAL = re.compile(r"^[A-Za-z]+:[^\s'\"]+$")


@dataclass(frozen=True, slots=True)
class Grant:
    """Operations that a role needs on topics, groups or transactional ids.

    Topics and groups are named in full, as the broker knows them; of transactional ids it is how they begin.
    """

    kind: Kind
    operations: tuple[Operation, ...]
    names: tuple[str, ...]

    def covers(self, name: str) -> bool:
        """Tell whether a name is among those that this is about."""
        return name.startswith(self.names) if self.kind == "transactional-id" else name in self.names


def grants(role: Role, settings: Settings) -> tuple[Grant, ...]:
    """Give the least that a role works with.

    Args:
        role: which one.
        settings: the prefix of the topics, and the workers' group.
    """
    needed: dict[str, set[Operation]] = {}

    def need(operation: Operation, names: Iterable[str]) -> None:
        for name in names:
            needed.setdefault(on_broker(name, settings.topic_prefix), set()).add(operation)

    others: tuple[Grant, ...] = ()
    if role == "setup":
        for operation in ("Create", "Describe", "DescribeConfigs"):
            need(operation, [*_names(STREAMS), *_changelogs()])
        # A changelog that is gone is not made anew under what the workers have handled.
        others = (Grant("group", ("Describe",), (settings.app_id,)),)
    elif role == "worker":
        # It reads the configuration too, because a changelog that is not compacted would grow for ever.
        need("DescribeConfigs", [*_names(STREAMS), *_changelogs()])
        need("Read", [*_names(_read_by_workers()), *_changelogs()])
        need("Write", [*_names(_written_by_workers()), *_changelogs()])
        others = (
            Grant("group", ("Read",), (settings.app_id,)),
            Grant("transactional-id", ("Write",), (f"{settings.app_id}-",)),
        )
    elif role == "viewer":
        need("Read", _names(_outputs()))
    elif role == "operator":
        # Whoever mends what was set aside, and sends it again, is a producer too.
        need("Read", _names(_INPUTS | {"dead-letters"}))
    else:
        # What was published is read back by `ingest`.
        need("Read", _names(_INPUTS))
        need("Write", _names(_INPUTS))
        # `replay` waits until the workers have read.
        need("Describe", _names(_read_by_workers() - _INPUTS))
        others = (Grant("group", ("Describe",), (settings.app_id,)),)
    return (*_together(needed), *others)


def _together(needed: Mapping[str, set[Operation]]) -> Iterator[Grant]:
    """Put topics together on which the same operations are needed."""
    topics: dict[tuple[Operation, ...], list[str]] = {}
    for name, operations in needed.items():
        topics.setdefault(tuple(one for one in get_args(Operation) if one in operations), []).append(name)
    for alike, names in topics.items():
        yield Grant("topic", alike, tuple(names))


_INPUTS: frozenset[Stream] = frozenset({"timing", "reference"})


def _read_by_workers() -> frozenset[Stream]:
    return frozenset(step.reads for step in steps(openings=True))


def _written_by_workers() -> frozenset[Stream]:
    return frozenset(STREAMS) - _INPUTS


def _outputs() -> frozenset[Stream]:
    """Give what is for everybody: what workers write, but for what is between them and what is unusable."""
    return _written_by_workers() - _read_by_workers() - {"dead-letters"}


def _names(streams: Iterable[Stream]) -> list[str]:
    wanted = set(streams)
    return [topic.name for stream, topic in STREAMS.items() if stream in wanted]


def _changelogs() -> list[str]:
    return [topic.name for topic in CHANGELOGS.values()]


def read_granted(told: Iterable[str]) -> tuple[tuple[Role, str], ...]:
    """Read what an operator asks for: `ROLE=PRINCIPAL`, such as `worker=User:slotrit`.

    Raises:
        SlotritError: where that is neither a role nor a principal.
    """
    return tuple(_granted(one) for one in told)


def _granted(told: str) -> tuple[Role, str]:
    name, _, principal = told.partition("=")
    role = next((role for role in ROLES if role == name), None)
    if role is None:
        raise SlotritError(f"--acls: there is no role {name}; there are {', '.join(ROLES)}")
    if not _PRINCIPAL.match(principal):
        raise SlotritError(f"--acls: {role} needs a principal such as {role}=User:slotrit, got {told}")
    return role, principal


def commands(granted: Iterable[tuple[Role, str]], settings: Settings) -> Iterator[str]:
    """Write the commands of Kafka that grant roles to principals, a line each; comments begin with #.

    `admin.properties` is whatever Kafka's own tools log in with as somebody who may alter ACLs.
    """
    at = ",".join(settings.brokers or ("localhost:9092",))
    for role, principal in granted:
        yield f"# {role}: {ROLES[role]}"
        for grant in grants(role, settings):
            words = ["kafka-acls.sh", "--bootstrap-server", at, "--command-config", "admin.properties"]
            words += ["--add", "--allow-principal", principal]
            for operation in grant.operations:
                words += ["--operation", operation]
            for name in grant.names:
                words += [f"--{grant.kind}", name]
            if grant.kind == "transactional-id":
                words += ["--resource-pattern-type", "prefixed"]
            yield shlex.join(words)
