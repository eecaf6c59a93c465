"""What a broker refuses, and what is wrong with its certificate, as one line: what, where, what to do."""

import ssl
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from aiokafka import TopicPartition  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    AuthenticationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedSaslMechanismError,
)

from streams.acls import Kind, Role, grants
from streams.settings import Settings
from streams.topics import STREAMS, on_broker

_KINDS: Mapping[type[KafkaError], Kind] = MappingProxyType(
    {
        TopicAuthorizationFailedError: "topic",
        GroupAuthorizationFailedError: "group",
        TransactionalIdAuthorizationFailed: "transactional-id",
    }
)
NOT_GRANTED = tuple(_KINDS)
_WRONG_PASSWORD = (SaslAuthenticationFailed, AuthenticationFailedError)

# As OpenSSL numbers them (X509_V_ERR_…).
_NOT_YET_VALID, _EXPIRED = 9, 10
_OTHER_HOST = {62, 64}
_UNKNOWN_AUTHORITY = {18, 19, 20, 21}


def refusal(error: BaseException | None, settings: Settings, role: Role | None = None) -> str | None:
    """Say in one line what an exception means, where it, or what caused it, is a refusal.

    Args:
        error: what a client raised or logged.
        settings: where the broker is, and as whom we came.
        role: what the command does; where None, it is concluded from the topic.

    Returns:
        None for everything else, such as a broker that is away.
    """
    for one in _chain(error):
        told = _told(one, settings, role)
        if told is not None:
            return told
    return None


def not_granted(error: BaseException | None) -> KafkaError | None:
    """Find the lacking ACL in an exception or what caused it."""
    return next((one for one in _chain(error) if isinstance(one, NOT_GRANTED)), None)


def lacking(kind: Kind, name: str, settings: Settings, role: Role | None = None) -> str:
    """Say that an ACL is lacking, and which.

    Args:
        kind: of what.
        name: its name on the broker.
        settings: as whom we came.
        role: what the command does; where None, it is concluded from the topic.
    """
    who = f"User:{settings.sasl_username}" if settings.sasl_username else "User:ANONYMOUS"
    begin = f"{_at(settings)} does not let {who} use the {kind.replace('-', ' ')} {name}: it needs an ACL for"
    # Somebody who records may have named a topic of the viewers.
    for one in (role or _role_at(name, settings), "viewer"):
        for grant in grants(one, settings):
            if grant.kind == kind and grant.covers(name):
                return (
                    f"{begin} {', '.join(grant.operations)}; "
                    f"`slotrit topics --acls {one}={who}` prints the commands that grant it"
                )
    return f"{begin} Read; kafka-acls.sh grants it"


def _told(error: BaseException, settings: Settings, role: Role | None) -> str | None:
    where, mechanism = _at(settings), settings.sasl_mechanism
    if isinstance(error, NOT_GRANTED):
        kind = next(kind for refused, kind in _KINDS.items() if isinstance(error, refused))
        return lacking(kind, _name(error) or (settings.app_id if kind == "group" else "?"), settings, role)
    if isinstance(error, _WRONG_PASSWORD):
        return (
            f"{where} does not let the user {settings.sasl_username} in: check sasl_username and "
            f"sasl_password, and that the broker knows the user for {mechanism}"
        )
    if isinstance(error, UnsupportedSaslMechanismError):
        return f"{where} does not offer {mechanism}: set sasl_mechanism to one that it offers"
    if isinstance(error, IllegalSaslStateError):
        return f"{where} asks for no password there: check the port and security_protocol"
    return _tls(error, settings) if isinstance(error, ssl.SSLError) else None


def _tls(error: ssl.SSLError, settings: Settings) -> str:
    if not isinstance(error, ssl.SSLCertVerificationError):
        why = getattr(error, "reason", None) or error
        return (
            f"{_at(settings)} and we do not come to terms over TLS ({why}): check the port and "
            "security_protocol"
        )
    begin, code = f"the certificate of {_at(settings)}", error.verify_code
    if code == _EXPIRED:
        return f"{begin} has expired: it has to be renewed there"
    if code == _NOT_YET_VALID:
        return f"{begin} is not valid yet: check the clocks of both machines"
    if code in _OTHER_HOST:
        return (
            f"{begin} is for another host ({error.verify_message.rstrip('.')}): use a name that it is for in "
            "brokers and in the broker's advertised.listeners"
        )
    if code in _UNKNOWN_AUTHORITY:
        trusted = settings.ssl_cafile or "this system's list"
        return (
            f"{begin} is signed by an authority that {trusted} does not have ({error.verify_message}): set "
            "ssl_cafile to the authority's certificate"
        )
    return f"{begin} cannot be trusted: {error.verify_message}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _name(error: BaseException) -> str:
    """Give the topic or group of an exception, which has its name, several of them, or a partition."""
    what = error.args[0] if error.args else ""
    if isinstance(what, TopicPartition):
        return str(what.topic)
    if isinstance(what, str):
        return what
    return min(map(str, what), default="") if isinstance(what, Iterable) else ""


def _role_at(topic: str, settings: Settings) -> Role:
    """Conclude from a topic what a client does with it that is neither a worker nor sets topics up."""
    inputs = {on_broker(STREAMS[stream].name, settings.topic_prefix) for stream in ("timing", "reference")}
    own = {name for grant in grants("producer", settings) for name in grant.names}
    if topic == on_broker(STREAMS["dead-letters"].name, settings.topic_prefix):
        return "operator"
    return "producer" if topic in inputs | own else "viewer"


def _at(settings: Settings) -> str:
    return f"the Kafka broker at {','.join(settings.brokers or ())}"
