"""What the newsroom asks for: rules that choose messages, and sinks that they go to."""

from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from schemas.model import Country, Identifier
from schemas.podium import PodiumCause
from schemas.reference import RecordKind

T = TypeVar("T")
Language = Literal["en", "nl"]
Mark = Literal["set", "equalled", "missed"]
PodiumNews = Literal["decided", "changed", "secured"]
ChosenDiscipline = Annotated[
    str,
    Field(pattern=r"^([MWX]|[MW]?(500|1000|1500|3000|5000|10000|TP|TS|MS)|XMR)$"),
]
"""A code such as `M1000`, a gender alone (`M`, `W`, `X`), or a distance or event alone (`1000`, `TP`)."""

_HEADER_NAME = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"
_OURS = ("slotrit-", "ce-", "idempotency-key", "content-", "host", "transfer-encoding", "user-agent")


def _as_many(value: object) -> object:
    if isinstance(value, list | tuple):
        if not value:
            raise ValueError("must name at least one; leave it out for all")
        return tuple(value)
    return (value,)


def _as_path(value: object) -> object:
    return Path(value) if isinstance(value, str) else value


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Many = Annotated[tuple[T, ...], BeforeValidator(_as_many)]
"""One value or a list of them."""
FilePath = Annotated[Path, BeforeValidator(_as_path)]
"""A path; a relative one begins where the rules file is."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Rule(_Table):
    """Chooses messages, and the sinks that are told.

    A filter that is left out lets everything pass; of those that are there all must agree. A rule is about
    records, one with `podium` about podiums, and one with `podium` and `kind` about both.

    `kind`, `when`: which records, and whether set, equalled, or missed by at most 0.10 s. `country` and
    `competitor` are the skater's or team's. `venue` is where a race is skated, by its id. `official`: true
    waits until the race is OFFICIAL, `also` says it a second time then. `revocations`: true tells also of
    revoked records that the sink had not been told of, `only` of nothing else. `podium`: `decided` once
    nobody still to skate can change it, `changed` at every change, `secured` for each certain place;
    `causes` and `place` narrow these. `hold_s`: seconds (at most an hour) to wait before telling, so that
    what the photo finish corrects meanwhile is told right and what falls is never told.
    """

    name: Identifier | None = None
    sink: Many[Identifier] | None = None
    kind: Many[RecordKind] | None = None
    when: Many[Mark] = ("set", "equalled")
    discipline: Many[ChosenDiscipline] | None = None
    country: Many[Country] | None = None
    competitor: Many[Identifier] | None = None
    venue: Many[Identifier] | None = None
    competition: Many[Identifier] | None = None
    official: Literal[True, False, "also"] = False
    revocations: Literal[True, False, "only"] = False
    podium: Many[PodiumNews] | None = None
    causes: Many[PodiumCause] | None = None
    place: Many[Annotated[int, Field(ge=1, le=3)]] = (1, 2, 3)
    hold_s: Annotated[float, Field(ge=0, le=3600)] = 0.0

    @property
    def about_records(self) -> bool:
        """Whether the rule chooses records at all."""
        return self.podium is None or self.kind is not None

    @model_validator(mode="after")
    def _says_nothing_in_vain(self) -> Self:
        given = self.model_fields_set
        if self.podium is None:
            idle, needed = sorted(given & {"causes", "place"}), "podium"
        elif self.kind is None:
            idle, needed = sorted(given & {"when", "official", "revocations"}), "kind"
        else:
            return self
        if idle:
            raise ValueError(f"{idle[0]} needs {needed} beside it")
        return self


class _Sink(_Table):
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    language: Language | None = None


class WebhookSink(_Sink):
    """A receiver that gets signed JSON by POST. The secret stands in one of three places."""

    type: Literal["webhook"]
    url: SecretStr
    secret: SecretStr | None = None
    secret_env: Identifier | None = None
    secret_file: FilePath | None = None
    headers: dict[Annotated[str, Field(pattern=_HEADER_NAME)], SecretStr] = Field(default_factory=dict)
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 10.0

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        try:
            parts = urlsplit(self.url.get_secret_value())
            sound = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1)
        except ValueError:
            sound = None
        if not sound:
            raise ValueError("url must be http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH")
        if sum(each is not None for each in (self.secret, self.secret_env, self.secret_file)) != 1:
            raise ValueError("needs one of secret, secret_env and secret_file, to sign with")
        for name, value in self.headers.items():
            if name.lower().startswith(_OURS):
                raise ValueError(f"headers: {name} is set by us")
            if not value.get_secret_value().isprintable() or not value.get_secret_value().isascii():
                raise ValueError(f"headers: {name} must be printable ASCII")
        return self


class AppriseSink(_Sink):
    """Whatever Apprise can reach: chat, mail, phones. Each URL of several is a receiver of its own."""

    type: Literal["apprise"]
    url: Many[SecretStr] | None = None
    url_env: Identifier | None = None
    url_file: FilePath | None = None
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 20.0

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if sum(each is not None for each in (self.url, self.url_env, self.url_file)) != 1:
            raise ValueError("needs one of url, url_env and url_file")
        return self


class FileSink(_Sink):
    """A file that gets a line of JSON for each alert."""

    type: Literal["file"]
    path: FilePath


class TerminalSink(_Sink):
    """Readable lines on standard output."""

    type: Literal["terminal"]


Sink = WebhookSink | AppriseSink | FileSink | TerminalSink


class Retry(_Table):
    """How long to wait before an attempt is made again: up to `first_s`, doubled up to `longest_s`."""

    first_s: Annotated[float, Field(gt=0, le=3600)] = 1.0
    longest_s: Annotated[float, Field(gt=0, le=3600)] = 120.0


class Rules(_Table):
    """The whole rules file."""

    language: Language = "en"
    retry: Retry = Field(default_factory=Retry)
    sinks: Annotated[tuple[Annotated[Sink, Field(discriminator="type")], ...], BeforeValidator(_as_tuple)]
    rules: Annotated[tuple[Rule, ...], BeforeValidator(_as_tuple)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.sinks:
            raise ValueError("needs at least one [[sinks]]")
        if not self.rules:
            raise ValueError("needs at least one [[rules]]")
        names = [sink.name for sink in self.sinks]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two sinks are named {name}")
        for number, rule in enumerate(self.rules, start=1):
            for name in rule.sink or ():
                if name not in names:
                    raise ValueError(f"rules.{number}.sink: there is no sink {name}")
        return self
