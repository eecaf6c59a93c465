"""`slotrit record`: topics to a file."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

from pathlib import Path

import click

from streams.cli.options import BROKER, loaded_settings


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A new file; .gz compresses.",
)
@click.option(
    "--topic",
    "topics_",
    multiple=True,
    metavar="NAME",
    help="Without the prefix; may be repeated.  [default: the two input topics]",
)
@click.option("--until-end", is_flag=True, help="End with what is there now.")
@click.option("--from-now", is_flag=True, help="Leave out what is there now.")
@BROKER
def record(out: Path, topics_: tuple[str, ...], until_end: bool, from_now: bool, broker: str | None) -> int:
    """Record topics to a FILE that `slotrit replay` plays back, until Ctrl-C.

    Each message stands in a line, after one that begins with # and says where and when it was on Kafka.
    """
    from streams.recording import INPUTS, record_topics

    if until_end and from_now:
        raise click.UsageError("--until-end and --from-now together would record nothing")
    settings = loaded_settings(broker=broker).settings
    click.echo(record_topics(settings, out, topics=topics_ or INPUTS, until_end=until_end, from_now=from_now))
    return 0
