"""`slotrit topics`: the topics on the broker."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import click

from streams.cli.options import BROKER, loaded_settings


@click.command()
@BROKER
@click.option(
    "--acls",
    "granted",
    multiple=True,
    metavar="ROLE=PRINCIPAL",
    help="Print instead the commands that grant a role (setup, worker, viewer, producer, operator) what it "
    "needs; may be repeated.",
)
def topics(broker: str | None, granted: tuple[str, ...]) -> int:
    """Create the topics, or check those that exist.

    Run it before workers start, as often as you like. It creates what is missing, with the partitions and
    replication of the settings; a topic that exists and does not match is an error.

    With --acls nothing is created: it prints the commands of Kafka that grant what a role needs and nothing
    else, such as --acls worker=User:slotrit; see SECURITY.md.
    """
    import asyncio

    from streams.acls import commands, read_granted
    from streams.topic_setup import create_topics

    settings = loaded_settings(broker=broker).settings
    if granted:
        for line in commands(read_granted(granted), settings):
            click.echo(line)
        return 0
    created, there = asyncio.run(create_topics(settings))
    for name in created:
        click.echo(f"created {name}")
    for name in there:
        click.echo(f"exists  {name}")
    return 0
