"""How a broker is to be started: the command, and where it will answer as whom."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["apache", "tansu"]


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
    """

    kind: Kind
    name: str
    command: tuple[str, ...]
    address: str
    cluster_id: str
    log: Path
