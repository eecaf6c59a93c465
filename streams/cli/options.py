"""What several subcommands share: return codes, options, and loading the settings."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streams.settings import Loaded

FAILURE = 1
WRONG_USE = 2
INTERRUPTED = 130
"""What shells report of a command that Ctrl-C has ended: 128 + SIGINT."""

FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE..."
)
BROKER = click.option("--broker", metavar="HOST:PORT", help="The Kafka broker; else as configured.")


def loaded_settings(option: str = "--broker", broker: str | None = None) -> "Loaded":
    """Load the settings; a broker that an option names goes before all others.

    Raises:
        SlotritError: where one of them is wrong.
    """
    from streams.settings import load_settings

    return load_settings({} if broker is None else {"brokers": (option, broker)})


def read_speed(_context: click.Context, _parameter: click.Parameter, value: str) -> float:
    """Read a speed: how many times faster than it happened; `max` is as fast as the broker takes it."""
    try:
        speed = math.inf if value == "max" else float(value)
    except ValueError:
        speed = math.nan
    if not speed > 0:
        raise click.BadParameter(f"must be a number above 0 or max, got {value}")
    return speed


SPEED = click.option(
    "--speed", default="1", metavar="1|10|max", callback=read_speed, show_default=True,
    help="How many times faster than it happened; any number above 0.",
)  # fmt: skip
