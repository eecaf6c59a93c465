"""A pytest plugin: real brokers for tests, and a loud word where Apache Kafka could not run.

A test that is marked `kafka`, or that asks for one of the fixtures here, runs on Apache Kafka. On a machine
that cannot run it these tests are skipped, and the last lines of the run say so; with `REQUIRE_KAFKA=1` in
the environment each of them fails instead.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import pytest

from streams.brokers import Broker, Doors, Kind, apache_lacks, running, take_stock
from tests.lacking import Need

T = TypeVar("T")
FIXTURES = {"kafka_address", "private_kafka", "guarded"}
LACKS = pytest.StashKey[str | None]()
NEED = Need("Apache Kafka", "KAFKA", "Kafka", "REQUIRE_KAFKA")


class HostedBroker:
    """A broker for tests that are not coroutines; it lives in a thread with an event loop of its own.

    Attributes:
        address: HOST:PORT for clients; stays the same when the broker is started again.
        doors: HOST:PORT of each listener by its name.
    """

    def __init__(self, broker: Broker, loop: asyncio.AbstractEventLoop) -> None:
        self.address = broker.address
        self.doors: Mapping[str, str] = broker.doors
        self._broker = broker
        self._loop = loop

    @property
    def pid(self) -> int:
        """The process id of the broker."""
        return self._broker.pid

    def kill(self) -> None:
        """End the broker with SIGKILL; its data stays."""
        self._broker.kill()

    def start(self) -> None:
        """Start the broker again, on its data and its port, and return when it answers."""
        _call(self._loop, self._broker.start())

    def stop(self) -> None:
        """End the broker with SIGTERM; its data stays."""
        _call(self._loop, self._broker.stop())


def _call(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, loop).result()


@contextmanager
def hosted(kind: Kind, doors: Doors | None = None) -> Iterator[HostedBroker]:
    """Run a broker for the length of a block, in a thread that lives as long as the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=f"broker {kind}", daemon=True)
    thread.start()
    try:
        context = running(kind, doors=doors or Doors())
        broker = _call(loop, context.__aenter__())
        try:
            yield HostedBroker(broker, loop)
        finally:
            _call(loop, context.__aexit__(None, None, None))
    finally:
        _call(loop, loop.shutdown_default_executor())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="session")
def kafka_address() -> Iterator[str]:
    """One Apache Kafka for the whole session: HOST:PORT. Tests share it, so they use topics of their own."""
    with hosted("apache") as broker:
        yield broker.address


@pytest.fixture
def private_kafka() -> Iterator[Callable[[], HostedBroker]]:
    """Start an Apache Kafka that one test has to itself, and may kill; it is gone after the test."""
    with ExitStack() as brokers:
        yield lambda: brokers.enter_context(hosted("apache"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses a broker fixture, before `-m` selects by the marks."""
    for item in items:
        if FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("kafka")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs Apache Kafka where it cannot run, or fail it where it is required."""
    if item.get_closest_marker("kafka") is None:
        return
    stash = item.config.stash
    if LACKS not in stash:
        stash[LACKS] = apache_lacks(take_stock())
    lacks = stash[LACKS]
    if lacks is None:
        return
    NEED.refuse(item, lacks)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say after everything else, also after the list of skipped tests, that tests on Kafka did not run."""
    yield
    NEED.say(terminalreporter)
