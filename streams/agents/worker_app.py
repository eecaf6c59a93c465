"""The app of a worker, as far as it differs from Faust's."""

from collections.abc import Iterable

import faust
from faust.types.transports import TransportT
from mode import ServiceT

from streams.agents.commits import HandledTransport
from streams.agents.shell import Shell
from streams.operating.life import Life
from streams.operating.metrics import Metrics


class WorkerApp(faust.App):
    """An app that commits what was handled, keeps nothing on disk, and says when it takes no messages.

    Attributes:
        shells: what the agents have at hand, by the name of the step.
        life: told when no messages are taken, and when they are again.
        metrics: told so too.
    """

    shells: dict[str, Shell]
    life: Life
    metrics: Metrics

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
        """Leave out Faust's monitor: it notes every message several times, and nobody asks it."""
        dependencies = super().on_init_dependencies()
        self.sensors.remove(self.monitor)
        return dependencies

    def _create_directories(self) -> None:
        """Make no folders: Faust would where a worker is started, for tables that live in memory."""

    def _new_transport(self) -> TransportT:
        return HandledTransport(self.conf.broker_consumer, self)
