"""`slotrit config`: the settings in force."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import click

from streams.cli.options import loaded_settings


@click.command()
def config() -> int:
    """Print the settings in force.

    Each with where it comes from: a default, an environment variable or the file; secrets are masked.
    """
    from streams.settings import described

    loaded = loaded_settings()
    for line in described(loaded):
        click.echo(line)
    for variable in loaded.unknown_variables:
        click.echo(f"slotrit: {variable}: there is no such setting, it has no effect", err=True)
    return 0
