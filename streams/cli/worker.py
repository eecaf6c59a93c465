"""`slotrit worker`: the steps on Kafka."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import click

from streams.cli.options import BROKER, loaded_settings


@click.command()
@BROKER
def worker(broker: str | None) -> int:
    """Run a worker until it is told to stop.

    It reads the input topics and publishes standings, podium, pace and records. Start as many as there are
    partitions; they share the races between them.
    """
    from streams.app import run_worker
    from streams.logging import configure_logging

    settings = loaded_settings(broker=broker).settings
    configure_logging(settings.log_format, settings.log_level)
    return run_worker(settings)
