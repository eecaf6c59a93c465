"""What all tests share."""

import os

from hypothesis import settings

pytest_plugins = ["tests.kafka_presence", "tests.browser_presence"]

# In CI the same commit must give the same answer; who writes code gets other examples at every run.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
