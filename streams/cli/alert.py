"""`slotrit alert`: records and podiums to webhooks, chat, mail, files and the terminal."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs, see streams/cli/__init__.py

from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.options import BROKER, FAILURE, loaded_settings

if TYPE_CHECKING:
    from streams.alerts.dispatcher import Office

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="[--dry-run FIXTURE...]"
)
@click.option("--rules", type=_FILE, default=Path("alerts.toml"), show_default=True, metavar="FILE")
@click.option(
    "--state",
    type=_FILE,
    metavar="FILE",
    help="What was told to whom.  [default: slotrit/alerts.sqlite3 in $XDG_STATE_HOME or ~/.local/state]",
)
@BROKER
@click.option(
    "--from-beginning", is_flag=True, help="At the very first start, also tell what is on the topics already."
)
@click.option("--pending", "errand", flag_value="pending", help="Show what has not been delivered.")
@click.option("--retry", "errand", flag_value="retry", help="Try again what was refused for good.")
@click.option(
    "--dry-run",
    "errand",
    flag_value="dry-run",
    help="Show what would be sent for files of events; no broker, no network.",
)
@click.option("--test", "sink", metavar="SINK", help="Send a test to a sink.")
def alert(
    files: tuple[Path, ...],
    rules: Path,
    state: Path | None,
    broker: str | None,
    from_beginning: bool,
    errand: str | None,
    sink: str | None,
) -> int:
    """Tell newsrooms of records and podiums, until SIGTERM or Ctrl-C.

    The rules say what goes to whom, see docs/newsroom.md. Each record is told once; where its time is
    corrected or it falls, whoever was told hears that too. What cannot be delivered is kept and goes out
    later, also after a restart. Run one dispatcher for each state file.
    """
    from streams.alerts.dispatcher import Office, dispatch_alerts
    from streams.alerts.errands import pending_lines, retry_now, try_sink
    from streams.alerts.rules_file import read_rules
    from streams.alerts.state_file import default_state
    from streams.logging import configure_logging

    if bool(files) != (errand == "dry-run"):
        raise click.UsageError("--dry-run needs files of events, and files need --dry-run")
    if errand is not None and (sink is not None or from_beginning):
        raise click.UsageError(f"--{errand} goes alone")
    office = Office(read_rules(rules), rules.parent, state or default_state())
    settings = loaded_settings(broker=broker).settings
    if errand == "pending":
        for line in pending_lines(office):
            click.echo(line)
        return 0
    if errand == "dry-run":
        return _dry_run(files, office, openings=settings.openings)
    configure_logging(settings.log_format, settings.log_level)
    if errand == "retry":
        told, all_delivered = retry_now(office)
        click.echo(told)
        return 0 if all_delivered else FAILURE
    if sink is not None:
        click.echo(try_sink(office, sink))
        return 0
    click.echo(dispatch_alerts(settings, office, tells_history=from_beginning), err=True)
    return 0


def _dry_run(files: tuple[Path, ...], office: "Office", *, openings: bool) -> int:
    import json

    from streams.alerts.dry_run import dry_run
    from streams.alerts.sinks.lines import readable

    count = 0
    for sending in dry_run(files, office.rules, openings=openings):
        count += 1
        for line in readable(json.dumps(sending.body).encode(), sending.at, sending.sink):
            click.echo(line)
    click.echo(f"{count} alerts would be sent", err=True)
    return 0
