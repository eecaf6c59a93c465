"""`slotrit serve` and `slotrit token`: the gateway, and who may connect to it."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

import click

from streams.cli.options import BROKER


@click.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen; else as configured.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free one; else as configured.")
@click.option(
    "--open", "everybody", is_flag=True, help="Let everybody in who can reach it, also without tokens."
)
@BROKER
def serve(host: str | None, port: int | None, everybody: bool, broker: str | None) -> int:
    """Serve the feed to browsers, graphics and programs, until Ctrl-C.

    The scoreboard is at /, graphics at /overlay/standings, /overlay/pair and /overlay/record, the API at
    /docs. Start as many as you like: each reads everything. On an address other than this machine's own it
    wants to know who may connect, see `slotrit token`.
    """
    from streams.gateway.serve import serve as serve_gateway
    from streams.logging import configure_logging
    from streams.settings import load_settings

    told = {
        "brokers": ("--broker", broker),
        "gateway_host": ("--host", host),
        "gateway_port": ("--port", port),
    }
    settings = load_settings(
        {name: option for name, option in told.items() if option[1] is not None}
    ).settings
    configure_logging(settings.log_format, settings.log_level)
    serve_gateway(settings, everybody=everybody, started=lambda address: click.echo(f"Serving at {address}"))
    return 0


@click.command()
def token() -> int:
    """Draw a token for somebody who may connect to the gateway.

    The token is for them; its hash is for gateway_tokens in the configuration. Neither is kept anywhere.
    """
    from streams.gateway.gate import new_token

    drawn, hashed = new_token()
    click.echo(f"token  {drawn}")
    click.echo(f"hash   {hashed}")
    return 0
