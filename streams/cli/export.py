"""`slotrit export`: standings for other systems."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.options import BROKER, loaded_settings
from streams.errors import SlotritError

if TYPE_CHECKING:
    from streams.export.whole import Format


@click.command()
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

    text = exported(race_id, kind, settings=loaded_settings(broker=broker).settings, file=file)
    if out is None:
        sys.stdout.buffer.write(text.encode())
        return 0
    try:
        out.write_bytes(text.encode())
    except OSError as error:
        raise SlotritError(f"{out}: cannot be written to: {error.strerror or error}") from None
    return 0
