"""Our worker as it is; for the job `standings` with that step alone, for which users have no option."""

import sys

from bench.peers.job import ONLY, Place, told
from streams.app import run_worker
from streams.logging import configure_logging
from streams.settings import Settings


def settings_of(place: Place) -> Settings:
    """Say in our settings where a peer works."""
    return Settings(
        brokers=(place.broker,),
        topic_prefix=place.prefix,
        app_id=place.group,
        partitions=place.partitions,
        session_timeout_s=place.session_s,
    )


def main() -> int:
    """Run a worker until it is told to stop."""
    place = told()
    configure_logging("json", "INFO")
    return run_worker(settings_of(place), only=ONLY[place.job])


if __name__ == "__main__":
    sys.exit(main())
