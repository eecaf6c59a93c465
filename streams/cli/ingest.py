"""`slotrit ingest`: what other systems say, live."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

from pathlib import Path

import click

from streams.cli.options import BROKER, loaded_settings


@click.group()
def ingest() -> None:
    """Publish what other systems say, live."""


@ingest.command(name="vantage")
@click.argument("url")
@BROKER
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Append the messages to FILE, as `slotrit convert vantage` reads them; .gz compresses.",
)
def ingest_from_vantage(url: str, broker: str | None, record: Path | None) -> int:
    """Publish the events of Emando Vantage's websocket at URL until SIGTERM or Ctrl-C.

    URL is that of one competition, wss://HOST/v1/competitions/ID. A lost connection is made again, and a
    process that is started again goes on where the one before it ended. Run one at a time.
    """
    from streams.ingest import ingest_vantage
    from streams.logging import configure_logging

    settings = loaded_settings(broker=broker).settings
    configure_logging(settings.log_format, settings.log_level)
    click.echo(ingest_vantage(url, settings, recording=record), err=True)
    return 0
