"""What all tests share."""

import logging
import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

pytest_plugins = ["tests.kafka_presence", "tests.browser_presence"]

# In CI the same commit must give the same answer; who writes code gets other examples at every run.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(autouse=True)
def logging_as_found() -> Iterator[None]:
    """Put back what a command sets up for its own process: handlers, levels, structlog's configuration.

    Left behind, they would write to the standard error of a test that has ended.
    """
    root, aiokafka = logging.getLogger(), logging.getLogger("aiokafka")
    handlers, levels = list(root.handlers), (root.level, aiokafka.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    aiokafka.setLevel(levels[1])
    structlog.reset_defaults()
