"""`slotrit convert`: other systems' recordings to events."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import sys
from pathlib import Path

import click

from streams.cli.options import FAILURE
from streams.errors import SlotritError


@click.group()
def convert() -> None:
    """Convert other systems' recordings to events."""


@convert.command()
@click.argument("recording", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--strict", is_flag=True, help="Fail where anything could not be converted.")
def vantage(recording: Path, strict: bool) -> int:
    """Convert a RECORDING of Emando Vantage events to events on standard output.

    RECORDING is .jsonl or .jsonl.gz, - is standard input. A file is looked through for its start lists first,
    since half a list would make podium places look safe. What cannot be converted is named on standard error
    with its line, and a tally follows at the end.
    """
    from streams.sources.vantage import Problem, Tally, convert_recording, foreseen

    tally = Tally()
    try:
        known = foreseen(recording) if recording.is_file() else None
        for converted in convert_recording(recording, tally, known):
            if isinstance(converted, Problem):
                click.echo(f"slotrit: {converted}", err=True)
            else:
                sys.stdout.write(converted.json + "\n")
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SlotritError(f"{recording}: cannot be read: {error.strerror or error}") from None
    for line in tally.lines():
        click.echo(line, err=True)
    return FAILURE if strict and tally.problems else 0
