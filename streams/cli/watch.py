"""`slotrit watch`: live standings in the terminal."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import click

from streams.cli.options import BROKER, loaded_settings


@click.command()
@click.argument("race_id", required=False)
@BROKER
@click.option("--once", is_flag=True, help="Show the races as they stand, and end.")
def watch(race_id: str | None, broker: str | None, once: bool) -> int:
    """Show live standings of RACE_ID, or of all races.

    On a terminal it is a screen until q or Ctrl-C, with keys to choose the race that is large; elsewhere a
    line for each change. A time with * has not been checked by the photo finish or the timekeepers yet.
    """
    from rich.console import Console

    from streams.watching.showing import run_watch

    run_watch(loaded_settings(broker=broker).settings, Console(), race_id=race_id, once=once)
    return 0
