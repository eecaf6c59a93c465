"""`slotrit demo`: everything at once on this machine."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import click

from streams.cli.options import loaded_settings, read_speed


@click.command()
@click.option(
    "--broker",
    default="auto",
    show_default=True,
    metavar="auto|apache|tansu|HOST:PORT",
    help="Yours, or one that is started for the demo.",
)
@click.option("--fixture", default="2022-olympics-beijing", show_default=True, metavar="NAME")
@click.option("--speed", default="60", show_default=True, metavar="N|max", callback=read_speed)
@click.option(
    "--longest-pause", type=click.FloatRange(min=0), default=1.0, show_default=True, metavar="SECONDS"
)
def demo(broker: str, fixture: str, speed: float, longest_pause: float) -> int:
    """Show everything at once on this machine.

    Starts a broker and a worker, replays a meeting, shows it live, and cleans up after itself, also on
    Ctrl-C. auto takes the configured broker, else Apache Kafka where it can run, else tansu. Where standard
    output is no terminal it prints a line for each change and ends when the meeting has been replayed.
    """
    from rich.console import Console

    from streams.demo import Plan, run_demo

    run_demo(Plan(broker, fixture, speed, longest_pause), loaded_settings().settings, Console())
    return 0
