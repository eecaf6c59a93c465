"""The app of a worker, as far as it differs from Faust's."""

from collections.abc import Iterable

import faust
from faust.types.transports import TransportT
from mode import ServiceT

from streams.agents.commits import HandledTransport
from streams.agents.crashing import Crashes
from streams.agents.shell import Shell
from streams.operating.life import Life
from streams.operating.metrics import Metrics


class WorkerApp(faust.App):
    """An app that commits what was handled, keeps nothing on disk, and says when it takes no messages.

    Attributes:
        shells: what the agents have at hand, by the name of the step.
        life: told when no messages are taken, and when they are again.
        metrics: told so too.
        crashes: told why the worker ends.
    """

    shells: dict[str, Shell]
    life: Life
    metrics: Metrics
    crashes: Crashes

    def on_rebalance_start(self) -> None:
        """Hear, from the consumer's thread, that no messages are taken from now on."""
        self.life.rebalancing()
        self.metrics.rebalanced()
        super().on_rebalance_start()

    def on_rebalance_end(self) -> None:
        """Hear that the tables are restored and messages are taken again."""
        super().on_rebalance_end()
        self.metrics.recovered(self.life.taking())

    def on_init_dependencies(self) -> Iterable[ServiceT]:
        """Have one who notes nothing in place of Faust's monitor, which notes every message several times.

        Nobody asks it; the metrics are ours. With no sensor at all Faust would complain at each rebalance.
        """
        dependencies = super().on_init_dependencies()
        self.sensors.remove(self.monitor)
        self.sensors.add(faust.Sensor(beacon=self.beacon, loop=self.loop))
        return dependencies

    def _create_directories(self) -> None:
        """Make no folders: Faust would where a worker is started, for tables that live in memory."""

    def _new_transport(self) -> TransportT:
        return HandledTransport(self.conf.broker_consumer, self)
