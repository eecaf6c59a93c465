"""`slotrit schema`: the contract as JSON Schemas."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import json
from pathlib import Path

import click


@click.command()
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
