"""`slotrit dead-letters`: what was set aside, and why."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import sys

import click

from streams.cli.options import BROKER, loaded_settings


@click.group("dead-letters")
def dead_letters() -> None:
    """Read the messages that could not be used.

    Each was set aside with the reason, and nothing else came of it. Mend it and send it again with
    `slotrit replay`; docs/operating/runbook.md says how.
    """


@dead_letters.command("list")
@BROKER
def list_(broker: str | None) -> int:
    """List them, oldest first: when, where the message stood, its key, why."""
    from streams.dead_letters import dead_letters as read
    from streams.dead_letters import in_a_line

    for letter in read(loaded_settings(broker=broker).settings):
        click.echo(in_a_line(letter))
    return 0


@dead_letters.command()
@click.argument("cause", metavar="PLACE")
@click.option("--value", is_flag=True, help="Only the bytes of the message, as they came, to be mended.")
@BROKER
def show(cause: str, value: bool, broker: str | None) -> int:
    """Show all that is known of the message that stood at PLACE, such as skating.timing/3/1042."""
    from streams.dead_letters import dead_letters as read
    from streams.dead_letters import in_full

    letters = read(loaded_settings(broker=broker).settings, cause)
    if value:
        sys.stdout.buffer.write(letters[-1].value)
        return 0
    click.echo("\n\n".join(in_full(letter) for letter in letters))
    return 0
