"""How a broker is to be started: the command, and where it will answer as whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Kind = Literal["apache", "tansu"]


@dataclass(frozen=True, slots=True)
class Doors:
    """Where clients come in to Apache Kafka, and who may; by default everybody on this machine, in the clear.

    Attributes:
        names: The listeners for clients, each on a port of its own; the first is the broker's address.
        settings: Settings of the broker that these need, beside those that every broker of ours has.
        users: Passwords of those who may log in with SCRAM-SHA-512, by name; there from the first start.
        log_in: What an aiokafka client needs to come in at the first door and see everything.
    """

    names: tuple[str, ...] = ("PLAINTEXT",)
    settings: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    log_in: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Launch:
    """A broker that is ready to be started, as often as wanted, on the same data and the same port.

    Attributes:
        kind: Which broker.
        name: Its name for people, such as `Apache Kafka 4.3.1`.
        command: The program with its full path, and its arguments.
        address: HOST:PORT for clients.
        cluster_id: What the broker answers with; tells it from another one that got the port first.
        log: Where its output goes.
        doors: HOST:PORT of each listener by its name, where it has several.
        log_in: What a client needs to be let in.
    """

    kind: Kind
    name: str
    command: tuple[str, ...]
    address: str
    cluster_id: str
    log: Path
    doors: Mapping[str, str] = field(default_factory=dict)
    log_in: Mapping[str, Any] = field(default_factory=dict)
