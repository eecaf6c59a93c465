"""The command `slotrit`: each subcommand parses, calls one function, and prints.

Returns 0 on success, 1 on failure, 2 on wrong use and 130 when interrupted. What a subcommand needs is
imported inside it, so that `slotrit --help` does not wait for Kafka's and Faust's clients.
"""
# ruff: noqa: PLC0415 - see above

import json
import math
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.errors import SlotritError

if TYPE_CHECKING:
    from streams.export.race import Format
    from streams.settings import Loaded

FAILURE = 1
WRONG_USE = 2
INTERRUPTED = 130
"""What shells report of a command that Ctrl-C has ended: 128 + SIGINT."""

FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE..."
)
BROKER = click.option("--broker", metavar="HOST:PORT", help="The Kafka broker; else as configured.")


def _version() -> str:
    try:
        return version("slotrit")
    except PackageNotFoundError:
        return "(not installed)"


def _settings(option: str = "--broker", broker: str | None = None) -> "Loaded":
    from streams.settings import load_settings

    return load_settings({} if broker is None else {"brokers": (option, broker)})


def _speed(_context: click.Context, _parameter: click.Parameter, value: str) -> float:
    """Read a speed: how many times faster than it happened; `max` is as fast as the broker takes it."""
    try:
        speed = math.inf if value == "max" else float(value)
    except ValueError:
        speed = math.nan
    if not speed > 0:
        raise click.BadParameter(f"must be a number above 0 or max, got {value}")
    return speed


SPEED = click.option(
    "--speed", default="1", metavar="1|10|max", callback=_speed, show_default=True,
    help="How many times faster than it happened; any number above 0.",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="slotrit")
def slotrit() -> None:
    """A live results feed for long-track speed skating, on Kafka."""


@slotrit.command()
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
            files, _settings("--kafka", kafka).settings, speed=speed, longest_pause_s=longest_pause, wait=wait
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

    settings = _settings().settings
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


@slotrit.group()
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


@slotrit.group()
def ingest() -> None:
    """Publish what other systems say, live."""


@ingest.command(name="vantage")
@click.argument("url")
@BROKER
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Append the messages to FILE, as `slotrit convert vantage` reads them; .gz compresses.",
)
def ingest_from_vantage(url: str, broker: str | None, record: Path | None) -> int:
    """Publish the events of Emando Vantage's websocket at URL until SIGTERM or Ctrl-C.

    URL is that of one competition, wss://HOST/v1/competitions/ID. A lost connection is made again, and a
    process that is started again goes on where the one before it ended. Run one at a time.
    """
    from streams.ingest import ingest_vantage
    from streams.logging import configure_logging

    settings = _settings(broker=broker).settings
    configure_logging(settings.log_format, settings.log_level)
    click.echo(ingest_vantage(url, settings, recording=record), err=True)
    return 0


@slotrit.command()
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
    settings = _settings(broker=broker).settings
    click.echo(record_topics(settings, out, topics=topics_ or INPUTS, until_end=until_end, from_now=from_now))
    return 0


@slotrit.command()
@click.argument("race_id", metavar="RACE")
@click.option("--format", "kind", required=True, type=click.Choice(["csv", "json", "odf"]))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Else printed.")
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="A file of standings, as `slotrit replay --out` writes it; else Kafka.",
)
@BROKER
def export(race_id: str, kind: "Format", out: Path | None, file: Path | None, broker: str | None) -> int:
    """Write the latest standings of RACE for other systems.

    csv is a sheet for spreadsheets, json an array of flat objects as vMix reads it, odf a DT_RESULT message
    of the Olympic Data Feed.
    """
    from streams.export.race import export as exported

    text = exported(race_id, kind, settings=_settings(broker=broker).settings, file=file)
    if out is None:
        sys.stdout.buffer.write(text.encode())
        return 0
    try:
        out.write_bytes(text.encode())
    except OSError as error:
        raise SlotritError(f"{out}: cannot be written to: {error.strerror or error}") from None
    return 0


@slotrit.command()
@BROKER
def topics(broker: str | None) -> int:
    """Create the topics, or check those that exist.

    Run it before workers start, as often as you like. It creates what is missing, with the partitions and
    replication of the settings; a topic that exists and does not match is an error.
    """
    import asyncio

    from streams.topic_setup import create_topics

    created, there = asyncio.run(create_topics(_settings(broker=broker).settings))
    for name in created:
        click.echo(f"created {name}")
    for name in there:
        click.echo(f"exists  {name}")
    return 0


@slotrit.command()
@BROKER
def worker(broker: str | None) -> int:
    """Run a worker until it is told to stop.

    It reads the input topics and publishes standings, podium, pace and records. Start as many as there are
    partitions; they share the races between them.
    """
    from streams.app import run_worker
    from streams.logging import configure_logging

    settings = _settings(broker=broker).settings
    configure_logging(settings.log_format, settings.log_level)
    return run_worker(settings)


@slotrit.command()
@click.option(
    "--broker",
    default="auto",
    show_default=True,
    metavar="auto|apache|tansu|HOST:PORT",
    help="Yours, or one that is started for the demo.",
)
@click.option("--fixture", default="2022-olympics-beijing", show_default=True, metavar="NAME")
@click.option("--speed", default="60", show_default=True, metavar="N|max", callback=_speed)
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

    run_demo(Plan(broker, fixture, speed, longest_pause), _settings().settings, Console())
    return 0


@slotrit.command()
@click.argument("race_id", required=False)
@BROKER
@click.option("--once", is_flag=True, help="Show the races as they stand, and end.")
def watch(race_id: str | None, broker: str | None, once: bool) -> int:
    """Show live standings of RACE_ID, or of all races.

    On a terminal it is a screen until Ctrl-C; elsewhere a line for each change. A time with * has not been
    checked by the photo finish or the timekeepers yet.
    """
    import asyncio

    from rich.console import Console

    from streams.watching.live import watch

    settings = _settings(broker=broker).settings
    asyncio.run(watch(settings, Console(), race_id=race_id, once=once))
    return 0


@slotrit.command()
def config() -> int:
    """Print the settings in force.

    Each with where it comes from: a default, an environment variable or the file; secrets are masked.
    """
    from streams.settings import described

    loaded = _settings()
    for line in described(loaded):
        click.echo(line)
    for variable in loaded.unknown_variables:
        click.echo(f"slotrit: {variable}: there is no such setting, it has no effect", err=True)
    return 0


@slotrit.command()
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write TYPE.schema.json files.")
def schema(out: Path | None) -> int:
    """Print the JSON Schemas of all messages.

    One JSON object, by the type of the message; with --out a file for each.
    """
    from streams.json_schemas import json_schemas, write_json_schemas

    if out is None:
        click.echo(json.dumps(json_schemas(), indent=2, ensure_ascii=False))
    else:
        click.echo(f"{write_json_schemas(out)} schemas to {out}")
    return 0


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command, print an expected failure as one line on standard error, and give its return code."""
    try:
        code = slotrit.main(args=arguments, prog_name="slotrit", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return WRONG_USE
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "slotrit"
        click.echo(f"slotrit: {error.format_message()} (see {command} --help)", err=True)
        return WRONG_USE
    except SlotritError as error:
        click.echo(f"slotrit: {error}", err=True)
        return FAILURE
    except click.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    return code if isinstance(code, int) else 0


def _reader_gone() -> int:
    """End quietly where nobody reads on, as in `slotrit schema | head`; also when Python flushes at exit."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - no path of ours
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return FAILURE


def main() -> None:
    """Be the installed command."""
    sys.exit(run())


if __name__ == "__main__":
    main()
