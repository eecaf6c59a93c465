"""`slotrit topics`: the topics on the broker."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import click

from streams.cli.options import BROKER, loaded_settings


@click.command()
@BROKER
def topics(broker: str | None) -> int:
    """Create the topics, or check those that exist.

    Run it before workers start, as often as you like. It creates what is missing, with the partitions and
    replication of the settings; a topic that exists and does not match is an error.
    """
    import asyncio

    from streams.topic_setup import create_topics

    created, there = asyncio.run(create_topics(loaded_settings(broker=broker).settings))
    for name in created:
        click.echo(f"created {name}")
    for name in there:
        click.echo(f"exists  {name}")
    return 0
