"""Opening the sinks of a rules file: secrets are fetched, and each receiver gets its way of being reached."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from streams.alerts.rules import AppriseSink, FileSink, Rules, Sink, WebhookSink
from streams.alerts.sinks import Send
from streams.alerts.sinks.local import file, terminal
from streams.alerts.sinks.webhook import webhook
from streams.errors import SlotritError


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who is told: `url` and `secret` are what the sink needs of them, never to be shown."""

    name: str
    sink: Sink
    url: SecretStr | None = None
    secret: SecretStr | None = None


def receivers(rules: Rules, beside: Path, *, only: str | None = None) -> dict[str, tuple[Receiver, ...]]:
    """List who stands behind each sink.

    It is one of the sink's own name, but for an Apprise sink with several URLs: then `NAME/1`, `NAME/2` and
    so on, each with deliveries of its own, so that one that fails is not a reason to tell the others again.

    Args:
        rules: the rules file.
        beside: the directory where relative paths begin.
        only: one sink, for which the secrets of the others are not needed.

    Raises:
        SlotritError: for a secret that is not where the file says.
    """
    return {sink.name: _behind(sink, beside) for sink in rules.sinks if only in {None, sink.name}}


def _behind(sink: Sink, beside: Path) -> tuple[Receiver, ...]:
    if isinstance(sink, WebhookSink):
        secret = _found(sink.name, sink.secret, "secret", sink.secret_env, sink.secret_file, beside)
        return (Receiver(sink.name, sink, sink.url, secret),)
    if isinstance(sink, AppriseSink):
        urls = sink.url or tuple(
            SecretStr(line.strip())
            for line in _found(sink.name, None, "url", sink.url_env, sink.url_file, beside)
            .get_secret_value()
            .splitlines()
            if line.strip()
        )
        if len(urls) == 1:
            return (Receiver(sink.name, sink, urls[0]),)
        return tuple(Receiver(f"{sink.name}/{number}", sink, url) for number, url in enumerate(urls, start=1))
    return (Receiver(sink.name, sink),)


def _found(
    name: str, given: SecretStr | None, key: str, variable: str | None, path: Path | None, beside: Path
) -> SecretStr:
    if given is not None:
        value, place = given.get_secret_value(), key
    elif variable is not None:
        value, place = os.environ.get(variable, ""), f"{key}_env: the variable {variable}"
    else:
        place = f"{key}_file: {beside / (path or '')}"
        try:
            value = (beside / (path or "")).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            told = error.strerror if isinstance(error, OSError) and error.strerror else "is no UTF-8"
            raise SlotritError(f"sink {name}: {place}: cannot be read: {told}") from None
    if not value:
        raise SlotritError(f"sink {name}: {place} is empty")
    return SecretStr(value)


def ways(
    behind: Mapping[str, tuple[Receiver, ...]], client: aiohttp.ClientSession, beside: Path
) -> dict[str, Send]:
    """Give everybody's way of being reached, by name.

    Args:
        behind: see `receivers`.
        client: what webhooks are sent with.
        beside: the directory where relative paths begin.

    Raises:
        SlotritError: for a URL that Apprise does not understand.
    """
    return {one.name: _way(one, client, beside) for several in behind.values() for one in several}


def _way(one: Receiver, client: aiohttp.ClientSession, beside: Path) -> Send:
    url = "" if one.url is None else one.url.get_secret_value()
    match one.sink:
        case WebhookSink() as sink:
            return webhook(
                client,
                url,
                b"" if one.secret is None else one.secret.get_secret_value().encode(),
                headers={name: value.get_secret_value() for name, value in sink.headers.items()},
                timeout_s=sink.timeout_s,
            )
        case AppriseSink() as sink:
            # Apprise takes a while to import, and not everybody needs it.
            from streams.alerts.sinks.through_apprise import through_apprise  # noqa: PLC0415

            return through_apprise(one.name, url, sink.timeout_s)
        case FileSink() as sink:
            return file(beside / sink.path)
        case _:
            return terminal(sys.stdout)
