"""`slotrit replay`: files of events, in memory or to Kafka."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

from collections.abc import Sequence
from pathlib import Path

import click

from streams.cli.options import FILES, SPEED, loaded_settings
from streams.errors import SlotritError


@click.command()
@FILES
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Replay in memory, write files.")
@click.option("--kafka", metavar="HOST:PORT", help="Publish to the input topics of this broker.")
@SPEED
@click.option(
    "--longest-pause", type=click.FloatRange(min=0), metavar="SECONDS", help="Never wait longer than this."
)
@click.option("--wait/--no-wait", default=True, help="Wait until the workers have read the reference events.")
@click.option(
    "--openings/--no-openings", default=None, help="Announce records of the opening; else as configured."
)
@click.pass_context
def replay(
    context: click.Context,
    files: tuple[Path, ...],
    out: Path | None,
    kafka: str | None,
    speed: float,
    longest_pause: float | None,
    wait: bool,
    openings: bool | None,
) -> int:
    """Replay FILEs of events, in memory or to Kafka.

    With --out DIR no broker is needed: the same processing runs in memory, and DIR gets what each output
    topic would get, one message a line. With --kafka the events are published to the input topics with the
    pauses of their occurred_at, divided by the speed. FILE is .jsonl or .jsonl.gz, - is standard input.
    """
    if (out is None) == (kafka is None):
        raise click.UsageError("give either --out DIR or --kafka HOST:PORT")
    _only_with("--kafka", kafka, context, "speed", "longest_pause", "wait")
    _only_with("--out", out, context, "openings")
    if out is not None:
        return _replay_in_memory(files, out, openings)
    from streams.publishing import replay_to_kafka

    click.echo(
        replay_to_kafka(
            files,
            loaded_settings("--kafka", kafka).settings,
            speed=speed,
            longest_pause_s=longest_pause,
            wait=wait,
        )
    )
    return 0


def _only_with(option: str, value: object, context: click.Context, *others: str) -> None:
    """Refuse options that would do nothing, rather than pass over them."""
    given = click.core.ParameterSource.COMMANDLINE
    for other in others:
        if value is None and context.get_parameter_source(other) == given:
            raise click.UsageError(f"--{other.replace('_', '-')} needs {option}")


def _replay_in_memory(files: Sequence[Path], out: Path, openings: bool | None) -> int:
    from streams.progress import progress_bar
    from streams.replay import replay_to_directory

    settings = loaded_settings().settings
    with progress_bar("replaying") as progress:
        summary = replay_to_directory(
            files, out, openings=settings.openings if openings is None else openings, progress=progress
        )
    counts = ", ".join(f"{stream} {count}" for stream, count in summary.published.items()) or "nothing"
    click.echo(f"{summary.events} events to {out}: {counts}")
    if summary.bugs:
        raise SlotritError(
            f"{summary.bugs} events made our own code fail; they are in {out / 'dead-letters.jsonl'}, "
            "please report them"
        )
    return 0
