"""The command `slotrit`: each subcommand parses, calls one function, and prints.

A file each. Returns 0 on success, 1 on failure, 2 on wrong use and 130 when interrupted. What a subcommand
needs is imported inside it, so that `slotrit --help` does not wait for Kafka's and Faust's clients.
"""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import click

from streams.cli.alert import alert
from streams.cli.config import config
from streams.cli.convert import convert
from streams.cli.dead_letters import dead_letters
from streams.cli.demo import demo
from streams.cli.export import export
from streams.cli.ingest import ingest
from streams.cli.options import FAILURE, INTERRUPTED, WRONG_USE
from streams.cli.record import record
from streams.cli.replay import replay
from streams.cli.schema import schema
from streams.cli.serve import serve, token
from streams.cli.topics import topics
from streams.cli.watch import watch
from streams.cli.worker import worker
from streams.errors import SlotritError


def _version() -> str:
    try:
        return version("slotrit")
    except PackageNotFoundError:
        return "(not installed)"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="slotrit")
def slotrit() -> None:
    """A live results feed for long-track speed skating, on Kafka."""


for _command in (
    alert,
    config,
    convert,
    dead_letters,
    demo,
    export,
    ingest,
    record,
    replay,
    schema,
    serve,
    token,
    topics,
    watch,
    worker,
):
    slotrit.add_command(_command)


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
