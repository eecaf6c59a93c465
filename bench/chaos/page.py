"""The page on a run: what the program prints at its end, put into the text around it."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from string import Template

from bench.chaos.order import RECOVERED_WITHIN_S, SLOWEST_S, Order
from bench.chaos.plan import SESSION_S
from bench.page import flowing
from streams.brokers.jars import KAFKA

TEMPLATE = Path(__file__).with_name("chaos.template.md")


def page(told: Sequence[str], order: Order, command: str, minutes: float) -> str:
    """Write the page as Markdown.

    Args:
        told: the lines of the account.
        order: what was run.
        command: how it was asked for.
        minutes: how long it took in all.
    """
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        account="\n".join(f"    {line}".rstrip() for line in told),
        machine="\n".join(_machine()),
        command=command,
        date=f"{datetime.now(UTC):%d %B %Y}",
        minutes=f"{minutes:.0f}",
        timing=f"{order.timing:,}",
        workers=order.workers,
        concurrent=order.concurrent,
        session_s=f"{SESSION_S:g}",
        slowest_s=f"{SLOWEST_S:g}",
        within_s=f"{RECOVERED_WITHIN_S:g}",
    )
    return flowing(text)


def _machine() -> list[str]:
    """Give a line of Markdown for each thing that the times depend on."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("faust-streaming", "aiokafka"))
    return [
        f"- {os.cpu_count()} cores for all, {platform.system()} {platform.release()}",
        f"- Apache Kafka {KAFKA}, three brokers; Python {platform.python_version()}, {libraries}",
    ]
