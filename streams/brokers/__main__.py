"""`python -m streams.brokers fetch`: fill the cache for Apache Kafka and verify it, without running it."""

import asyncio
import sys
from collections.abc import Sequence

from streams.brokers.failure import BrokerError
from streams.brokers.jars import KAFKA, cache_folder, fetch, verified

WRONG_USE = 2


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 when the cache is filled and verified, 1 with one line on standard error when that failed, 2 on
        wrong use.
    """
    if list(arguments) != ["fetch"]:
        sys.stderr.write("usage: python -m streams.brokers fetch\n")
        return WRONG_USE
    folder = cache_folder()
    try:
        asyncio.run(fetch(folder, say=_print))
        jars = verified(folder)
    except BrokerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _print(f"Apache Kafka {KAFKA}: {len(jars)} jars in {folder}, all as listed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
