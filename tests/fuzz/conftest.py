"""How much hypothesis tries: `pytest tests/fuzz --hypothesis-profile=bulk` for when there is time."""

from hypothesis import settings

settings.register_profile("bulk", max_examples=20_000, deadline=None, derandomize=True)
