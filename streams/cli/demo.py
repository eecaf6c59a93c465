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
@click.option(
    "--stay/--no-stay", default=None, help="Go on serving when all is replayed.  [default: on a terminal]"
)
@click.option(
    "--browser/--no-browser",
    default=None,
    help="Open the scoreboard.  [default: on a terminal with a display]",
)
def demo(
    broker: str, fixture: str, speed: float, longest_pause: float, stay: bool | None, browser: bool | None
) -> int:
    """Show everything at once on this machine.

    Starts a broker, a worker, the gateway and alerts, replays a meeting, shows it live here and in the
    browser, and cleans up after itself, also on Ctrl-C. auto takes the configured broker, else Apache Kafka
    where it can run, else tansu. Where standard output is no terminal it prints a line for each change and
    ends when the meeting has been replayed; on a terminal q ends it.
    """
    from rich.console import Console

    from streams.demo.show import Plan, has_display, run_demo

    console = Console()
    plan = Plan(
        broker,
        fixture,
        speed,
        longest_pause,
        stay=console.is_terminal if stay is None else stay,
        browser=(console.is_terminal and has_display()) if browser is None else browser,
    )
    run_demo(plan, loaded_settings().settings, console)
    return 0
