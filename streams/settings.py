"""What can be configured, where each value comes from, and what a Kafka client makes of it."""

import os
import re
import ssl
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from streams.errors import SlotritError

ENV_PREFIX = "SLOTRIT_"
CONFIG_VARIABLE = "SLOTRIT_CONFIG"
DEFAULT_FILE = "slotrit.toml"
NO_SETTINGS = frozenset({CONFIG_VARIABLE, "SLOTRIT_CACHE"})
"""Variables with our prefix that are read elsewhere and stand for no field."""

_ADDRESS = re.compile(r"^(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\],]+):([0-9]{1,5})$")
_HIGHEST_PORT = 65535


def _addresses(value: object) -> object:
    """Split a comma string, and let nothing pass that is not HOST:PORT."""
    if value is None:
        return None
    listed = value if isinstance(value, list | tuple) else str(value).split(",")
    addresses = tuple(str(address).strip() for address in listed)
    for address in addresses:
        found = _ADDRESS.match(address)
        if found is None or not 0 < int(found[2]) <= _HIGHEST_PORT:
            raise ValueError(f"must be HOST:PORT with a port from 1 to {_HIGHEST_PORT}")
    if not addresses:
        raise ValueError("must name at least one HOST:PORT")
    return addresses


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _listed(value: object) -> object:
    """Split a comma string."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _existing_file(value: object) -> object:
    if isinstance(value, str | Path) and not Path(value).is_file():
        raise ValueError("must be a file with certificates in PEM, there is none")
    return value


TokenHash = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
"""The hash of a token: `sha256:` and 64 hexadecimal digits, as `slotrit token` prints it."""

Origin = Annotated[str, Field(pattern=r"^(\*|null|https?://[^/\s,]+)$")]
"""A web site as browsers name it, without a path: `https://example.org`; a page from a file is `null`."""


class Settings(BaseSettings):
    """Everything that can be configured; made by `load_settings`, which merges the sources.

    `partitions` and `replication` are what `slotrit topics` creates. `topic_prefix` stands before every topic
    name, as it is. `app_id` is the consumer group of the workers. `broker_timeout_s` is how many seconds a
    broker may take to answer before a command gives up, `session_timeout_s` how many a worker may give no
    sign of life before its races go to the others. `fenced` has the broker refuse what a worker says whose
    races have gone to another; not every broker can. `openings` announces records of the opening.
    `log_format` auto is console where standard error is a terminal, else json.

    Of the gateway: `gateway_host` and `gateway_port` are where it listens. `gateway_tokens` are hashes of who
    may connect, as `slotrit token` prints them. `gateway_cors_origins` are the web sites whose pages may read
    it, such as `https://example.org`, `*` for all. `gateway_longest_delay_s` bounds the delay in seconds that
    a viewer may ask for, `gateway_most_streams` how many may follow at once.
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, title="slotrit.toml"
    )

    brokers: Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_addresses)] = None
    security_protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"], BeforeValidator(_upper)
    ] = "PLAINTEXT"
    sasl_mechanism: Annotated[
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None, BeforeValidator(_upper)
    ] = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: Annotated[Path | None, BeforeValidator(_existing_file)] = None
    topic_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]*$", max_length=200)] = ""
    app_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$", max_length=200)] = "slotrit"
    partitions: Annotated[int, Field(ge=1, le=10_000)] = 4
    replication: Annotated[int, Field(ge=1, le=32_767)] = 1
    broker_timeout_s: Annotated[float, Field(gt=0, le=600)] = 15.0
    session_timeout_s: Annotated[float, Field(ge=1, le=300)] = 10.0
    fenced: bool = True
    openings: bool = False
    gateway_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    gateway_port: Annotated[int, Field(ge=0, le=_HIGHEST_PORT)] = 8080
    gateway_tokens: Annotated[tuple[TokenHash, ...], NoDecode, BeforeValidator(_listed)] = ()
    gateway_cors_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_listed)] = ()
    gateway_longest_delay_s: Annotated[float, Field(ge=0, le=900)] = 120.0
    gateway_most_streams: Annotated[int, Field(ge=1, le=100_000)] = 5_000
    worker_metrics_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    worker_metrics_port: Annotated[int | None, Field(ge=0, le=_HIGHEST_PORT)] = None
    worker_stuck_after_s: Annotated[float, Field(ge=1, le=3600)] = 60.0
    tracing: bool = False
    log_format: Annotated[Literal["auto", "json", "console"], BeforeValidator(_lower)] = "auto"
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave merging to `load_settings`, which remembers where each value came from."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings in force and, by field, who said so: `default`, a variable, a file or an option."""

    settings: Settings
    origins: dict[str, str]
    unknown_variables: tuple[str, ...]


def load_settings(options: Mapping[str, tuple[str, object]] | None = None) -> Loaded:
    """Merge command line options, environment variables and the file, in this order of precedence.

    Args:
        options: what the command line said: field → (the option's name, its value).

    Raises:
        SlotritError: for a wrong value, an unknown key in the file, a file that is missing or no TOML; the
            message names the variable, the option, or the file and its key.
    """
    values: dict[str, object] = {}
    origins = dict.fromkeys(Settings.model_fields, "default")
    file = _config_file()
    if file is not None:
        for name, value in _read(file).items():
            values[name] = value
            origins[name] = f"{file}: {name}"
    for name, value in EnvSettingsSource(Settings)().items():
        if name in Settings.model_fields:
            values[name] = value
            origins[name] = ENV_PREFIX + name.upper()
    for name, (option, value) in (options or {}).items():
        values[name] = value
        origins[name] = option
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SlotritError(_explained(error, origins)) from None
    return Loaded(settings, origins, _unknown_variables())


def _config_file() -> Path | None:
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise SlotritError(f"{CONFIG_VARIABLE}: there is no file {named}")
        return Path(named)
    default = Path(DEFAULT_FILE)
    return default if default.is_file() else None


def _read(file: Path) -> dict[str, object]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SlotritError(f"{file}: is no TOML: {error}") from None
    except OSError as error:
        raise SlotritError(f"{file}: cannot be read: {error.strerror}") from None
    for name in content:
        if name not in Settings.model_fields:
            known = ", ".join(sorted(Settings.model_fields))
            raise SlotritError(f"{file}: {name}: there is no such setting; there are {known}")
    return content


def _explained(error: ValidationError, origins: Mapping[str, str]) -> str:
    """Put the first complaint into one line that begins with where the value came from."""
    complaint = error.errors(include_url=False)[0]
    message = complaint["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if not complaint["loc"]:
        return message
    name = str(complaint["loc"][0])
    if name == "gateway_tokens":
        # Whoever has put a token where its hash belongs must not find it in a log.
        return (
            f"{origins[name]}: must be hashes, as `slotrit token` prints them; not shown, it may be a token"
        )
    got = "" if name == "sasl_password" else f", got {complaint['input']!r}"
    return f"{origins[name]}: {message}{got}"


def _unknown_variables() -> tuple[str, ...]:
    known = NO_SETTINGS | {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    return tuple(sorted(v for v in os.environ if v.startswith(ENV_PREFIX) and v not in known))


def described(loaded: Loaded) -> list[str]:
    """Give one line a setting for people: name, value in force, origin in brackets; secrets masked."""
    width = max(map(len, Settings.model_fields))
    lines = []
    for name in Settings.model_fields:
        value = getattr(loaded.settings, name)
        shown = ",".join(value) if isinstance(value, tuple) else value
        text = "-" if shown in (None, "") else str(shown)
        lines.append(f"{name:<{width}}  {text}  ({loaded.origins[name]})")
    return lines


class Parting(ssl.SSLObject):
    """One end of a TLS connection, which says that it ends it and does not wait until the other says so too.

    A broker that still has a fetch of ours answers late or never, and asyncio waits for that for 30 s. TLS
    asks nobody to wait.
    """

    def unwrap(self) -> None:
        """Say that no more will come from here."""
        with suppress(ssl.SSLWantReadError):
            super().unwrap()


def kafka_client(settings: Settings) -> dict[str, Any]:
    """Give the arguments that every aiokafka client of ours is made with: where, and how to log in.

    Raises:
        SlotritError: where no broker is configured, what it takes to log in is not complete, or the
            certificates cannot be read.
    """
    if settings.brokers is None:
        raise SlotritError(
            f"no broker is configured: set {ENV_PREFIX}BROKERS=HOST:PORT or brokers in {DEFAULT_FILE}, "
            "or use --broker HOST:PORT"
        )
    arguments: dict[str, Any] = {
        "bootstrap_servers": list(settings.brokers),
        "client_id": settings.app_id,
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.endswith("SSL"):
        try:
            context = ssl.create_default_context(cafile=settings.ssl_cafile)
            context.sslobject_class = Parting
            arguments["ssl_context"] = context
        except (ssl.SSLError, OSError) as error:
            raise SlotritError(f"ssl_cafile: {settings.ssl_cafile}: {error.strerror or error}") from None
    if settings.security_protocol.startswith("SASL"):
        _require_login(settings)
        password = settings.sasl_password
        arguments["sasl_mechanism"] = settings.sasl_mechanism
        arguments["sasl_plain_username"] = settings.sasl_username
        arguments["sasl_plain_password"] = password.get_secret_value() if password else None
    return arguments


def _require_login(settings: Settings) -> None:
    """Make sure that everything is there that SASL asks for; what needs no broker does without.

    Raises:
        SlotritError: where something is missing.
    """
    wanted = ("sasl_mechanism", "sasl_username", "sasl_password")
    missing = [name for name in wanted if getattr(settings, name) is None]
    if missing:
        names = ", ".join(ENV_PREFIX + name.upper() for name in missing)
        raise SlotritError(f"security_protocol {settings.security_protocol} also needs {names}")
