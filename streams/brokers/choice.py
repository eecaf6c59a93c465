"""Which broker a command uses, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from streams.brokers import tansu
from streams.brokers.failure import BrokerError
from streams.brokers.jars import KAFKA, cache_folder, is_filled
from streams.brokers.java import INSTALL_JAVA, INSTALL_MAVEN, JAVA_NEEDED, find_java, find_maven
from streams.brokers.tansu import INSTALL_TANSU


@dataclass(frozen=True, slots=True)
class Stock:
    """What this machine has that a broker could be made of.

    Attributes:
        java: The major version of its Java, None without one.
        maven: Whether there is an `mvn`.
        jars: Whether the cache has the jars of Kafka.
        tansu: Whether the extra `embedded` is installed.
    """

    java: int | None
    maven: bool
    jars: bool
    tansu: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A broker to use.

    Attributes:
        kind: `yours` for one that runs already, else which one to start.
        address: HOST:PORT, several separated by commas; None for one that has to be started.
        reason: A sentence for the reader, which broker and why.
    """

    kind: Literal["yours", "apache", "tansu"]
    address: str | None
    reason: str


def take_stock() -> Stock:
    """Look what this machine has; asks Java for its version, which takes about 0.1 s."""
    java = find_java()
    return Stock(
        java=java.major if java else None,
        maven=find_maven() is not None,
        jars=is_filled(cache_folder()),
        tansu=tansu.is_installed(),
    )


def choose(
    configured: str | None, wanted: str = "auto", *, stock: Callable[[], Stock] = take_stock
) -> Choice:
    """Decide which broker to use.

    Args:
        configured: The address in the settings, where somebody set one.
        wanted: `auto`, `apache`, `tansu` or an address. `auto` takes the configured one, else Apache Kafka
            where it can run, else Tansu where it is installed.
        stock: Looks what the machine has; asked only where it matters.

    Raises:
        BrokerError: `wanted` is none of these, or what is wanted cannot run here; says what to install.
    """
    if wanted not in {"auto", "apache", "tansu"}:
        return Choice("yours", _checked_address(wanted), f"Using the broker at {wanted}, as asked for.")
    if wanted == "auto" and configured:
        return Choice("yours", configured, f"Using the broker at {configured}, from the settings.")
    has = stock()
    lacking = apache_lacks(has)
    if wanted == "apache" and lacking:
        raise BrokerError(f"Apache Kafka {KAFKA} cannot run here: {lacking}")
    if wanted == "tansu" and not has.tansu:
        raise BrokerError(f"the broker tansu is not installed; run: {INSTALL_TANSU}")
    if wanted == "tansu":
        return Choice("tansu", None, "Starting the broker tansu, as asked for.")
    if wanted == "apache":
        return Choice("apache", None, f"Starting Apache Kafka {KAFKA}, as asked for.")
    if not lacking:
        return Choice(
            "apache", None, f"Starting Apache Kafka {KAFKA}: Java {has.java} is here and no broker is set."
        )
    if has.tansu:
        return Choice(
            "tansu", None, f"Starting the broker tansu, as Apache Kafka cannot run here: {lacking}."
        )
    raise BrokerError(
        f"no broker: none is set, Apache Kafka {KAFKA} cannot run here ({lacking}), and tansu is not "
        f"installed ({INSTALL_TANSU}); do one of these or give --broker HOST:PORT"
    )


def apache_lacks(has: Stock) -> str | None:
    """Say what Apache Kafka lacks on a machine, and how to install it; None where it can run."""
    if has.java is None:
        return f"no Java was found; {INSTALL_JAVA}"
    if has.java < JAVA_NEEDED:
        return f"it needs Java {JAVA_NEEDED} and this one is {has.java}; {INSTALL_JAVA}"
    if not (has.maven or has.jars):
        return f"there is no Maven to fetch it with; {INSTALL_MAVEN}"
    return None


def _checked_address(wanted: str) -> str:
    for server in wanted.split(","):
        host, _, port = server.strip().rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65_536:  # noqa: PLR2004 - 16 bits
            raise BrokerError(f"--broker: must be auto, apache, tansu or HOST:PORT, got {wanted!r}")
    return wanted
