"""A secured Apache Kafka on this machine: TLS, SCRAM, and nothing allowed that is not granted."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from streams.brokers import Doors
from tests.security.certificates import STORE_PASSWORD, Certificates

SECRET = "kwispelbeest"  # noqa: S105 - the word that must never be printed
PASSWORDS: Mapping[str, str] = MappingProxyType(
    {user: f"{SECRET}-{user}" for user in ("broker", "admin", "setup", "worker", "viewer", "timing", "duty")}
)
GOOD, EXPIRED, ELSEWHERE = "GOOD", "EXPIRED", "ELSEWHERE"
"""Listeners: as it should be, with a certificate that has expired, and with one for another host."""


def doors(certificates: Certificates) -> Doors:
    """Give the listeners and users of a secured broker.

    Nobody may do anything without an ACL, but for the broker itself and `admin`. The controller's listener is
    in the clear: on it the broker talks with itself, nameless.
    """
    stores = {GOOD: certificates.good, EXPIRED: certificates.expired, ELSEWHERE: certificates.elsewhere}
    module = "org.apache.kafka.common.security.scram.ScramLoginModule required"
    itself = f'{module} username="broker" password="{PASSWORDS["broker"]}";'
    settings = {
        "listener.security.protocol.map": ",".join(
            ["CONTROLLER:PLAINTEXT", *(f"{name}:SASL_SSL" for name in stores)]
        ),
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "inter.broker.listener.name": GOOD,
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(certificates.authority),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": "User:broker;User:admin;User:ANONYMOUS",
    }
    for name, store in stores.items():
        listener = f"listener.name.{name.lower()}"
        settings |= {
            f"{listener}.ssl.keystore.type": "PKCS12",
            f"{listener}.ssl.keystore.location": str(store),
            f"{listener}.ssl.keystore.password": STORE_PASSWORD,
            f"{listener}.ssl.key.password": STORE_PASSWORD,
            f"{listener}.scram-sha-512.sasl.jaas.config": itself,
        }
    return Doors(tuple(stores), settings, PASSWORDS, log_in("admin", certificates.authority))


def log_in(user: str, authority: Path) -> dict[str, object]:
    """Give the arguments with which an aiokafka client logs in."""
    return {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": user,
        "sasl_plain_password": PASSWORDS[user],
        "ssl_context": ssl.create_default_context(cafile=authority),
    }
