"""One secured broker for the session, with topics and users who may do what their roles need."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.kafka_presence import hosted
from tests.security.certificates import make_certificates
from tests.security.guarded import GOOD, doors
from tests.security.installation import USERS, Installation


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Run a secured Apache Kafka on which everything is set up as SECURITY.md says, with our own commands."""
    folder = tmp_path_factory.mktemp("guarded")
    certificates = make_certificates(folder)
    with hosted("apache", doors(certificates)) as broker:
        installation = Installation(broker.doors, certificates.authority, folder)
        roles = [f"--acls={role}=User:{user}" for role, user in USERS.items()]
        printed = installation.ran("admin", "topics", *roles)
        asyncio.run(installation.grant_printed(printed.stdout.splitlines()))
        installation.ran("setup", "topics")
        assert broker.address == broker.doors[GOOD]
        yield installation
