"""`slotrit schema`: the contract as JSON Schemas, and as an AsyncAPI document."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import json
from pathlib import Path
from typing import Any

import click

from streams.cli.options import loaded_settings


@click.command()
@click.option("--asyncapi", is_flag=True, help="Print the AsyncAPI 3 document instead.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write TYPE.schema.json files and asyncapi.json.",
)
def schema(asyncapi: bool, out: Path | None) -> int:
    """Print the JSON Schemas of all messages.

    One JSON object, by the type of the message. With --asyncapi the AsyncAPI 3 document: the topics as
    configured, what goes over them, keys, headers and schemas, and the gateway's WebSocket. With --out
    files of all that.
    """
    from streams.json_schemas import json_schemas, write_json_schemas

    if out is None:
        told = _asyncapi() if asyncapi else json_schemas()
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    if asyncapi:
        raise click.UsageError("--asyncapi prints what --out writes too: give one of them")
    count = write_json_schemas(out, asyncapi=_asyncapi())
    click.echo(f"{count} schemas and asyncapi.json to {out}")
    return 0


def _asyncapi() -> dict[str, Any]:
    from streams.asyncapi import asyncapi_document

    settings = loaded_settings().settings
    secure = settings.security_protocol in {"SSL", "SASL_SSL"}
    return asyncapi_document(
        host=(settings.brokers or ("localhost:9092",))[0],
        protocol="kafka-secure" if secure else "kafka",
        prefix=settings.topic_prefix,
        partitions=settings.partitions,
    )
