"""Granting what `slotrit topics --acls` prints, as `kafka-acls.sh` would, which the broker's jars lack."""

import argparse
import shlex
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest  # type: ignore[import-untyped]

from tests.security.guarded import log_in

# As Kafka's protocol numbers them.
KINDS = {"topic": 2, "group": 3, "transactional-id": 5}
OPERATIONS = {"Read": 3, "Write": 4, "Create": 5, "Describe": 8, "DescribeConfigs": 10}
LITERAL, PREFIXED, ALLOW = 3, 4, 3


class Acl(NamedTuple):
    """One entry: who may do what with which; of transactional ids, with all that begin so."""

    principal: str
    operation: str
    kind: str
    name: str


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="kafka-acls.sh", allow_abbrev=False, exit_on_error=False)
    options.add_argument("--bootstrap-server", required=True)
    options.add_argument("--command-config", required=True)
    options.add_argument("--add", action="store_true", required=True)
    options.add_argument("--allow-principal", required=True)
    options.add_argument("--operation", action="append", choices=OPERATIONS, required=True)
    options.add_argument("--topic", action="append", default=[])
    options.add_argument("--group", action="append", default=[])
    options.add_argument("--transactional-id", action="append", default=[])
    options.add_argument("--resource-pattern-type", choices=("literal", "prefixed"), default="literal")
    return options


def read_commands(lines: Iterable[str]) -> Iterator[Acl]:
    """Read the entries that some commands add: every operation on everything that a command names."""
    for line in lines:
        if line.startswith("#"):
            continue
        program, *arguments = shlex.split(line)
        assert program == "kafka-acls.sh"
        told = _options().parse_args(arguments)
        for operation in told.operation:
            named = {"topic": told.topic, "group": told.group, "transactional-id": told.transactional_id}
            for kind, names in named.items():
                assert not names or (told.resource_pattern_type == "prefixed") == (kind == "transactional-id")
                yield from (Acl(told.allow_principal, operation, kind, name) for name in names)


@asynccontextmanager
async def owner(address: str, authority: Path) -> AsyncIterator[AIOKafkaAdminClient]:
    """Log in as somebody who may do everything."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address, **log_in("admin", authority))
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def grant(admin: AIOKafkaAdminClient, acls: Iterable[Acl]) -> None:
    """Add entries."""
    for acl in acls:
        response = await admin._send_request(CreateAclsRequest(**_numbers(acl)))  # noqa: SLF001 - it has no method for it
        assert [code for code, _ in response.creation_responses] == [0], response


async def revoke(admin: AIOKafkaAdminClient, acls: Iterable[Acl]) -> None:
    """Take entries away, which are there."""
    for acl in acls:
        response = await admin._send_request(DeleteAclsRequest(**_numbers(acl)))  # noqa: SLF001 - as above
        assert [(code, len(found)) for code, _, found in response.filter_responses] == [(0, 1)], response


def _numbers(acl: Acl) -> dict[str, Any]:
    return {
        "resource_type": KINDS[acl.kind],
        "resource_name": acl.name,
        "resource_pattern_type_filter": PREFIXED if acl.kind == "transactional-id" else LITERAL,
        "principal": acl.principal,
        "host": "*",
        "operation": OPERATIONS[acl.operation],
        "permission_type": ALLOW,
    }
