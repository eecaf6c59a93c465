"""What a machine lacks to run some tests: these are skipped or fail, and the run ends saying so loudly.

What a test lacked goes into its report, so that it is known as well where tests run in several processes.
"""

import os
from dataclasses import dataclass
from typing import NoReturn

import pytest


@dataclass(frozen=True, slots=True)
class Need:
    """Something that not every machine has.

    Attributes:
        name: of it, as it stands in a sentence.
        group: what the tests are called that need it.
        about: what the others say nothing about.
        required: the variable that makes it a failure to lack it.
    """

    name: str
    group: str
    about: str
    required: str

    @property
    def is_required(self) -> bool:
        """Whether lacking it is a failure."""
        return os.environ.get(self.required, "") not in {"", "0"}

    def refuse(self, item: pytest.Item, lacks: str) -> NoReturn:
        """Skip a test, or fail it where what it needs is required.

        Args:
            item: the test.
            lacks: what this machine lacks, to stand after a comma.
        """
        item.user_properties.append((self.required, lacks))
        if self.is_required:
            pytest.fail(f"{self.required} is set and {self.name} cannot run here: {lacks}", pytrace=False)
        pytest.skip(f"{self.name} cannot run here: {lacks}")

    def say(self, reporter: pytest.TerminalReporter) -> None:
        """Write how many tests lacked it, if any did."""
        reports = [
            report for kind in ("skipped", "failed", "error") for report in reporter.stats.get(kind, [])
        ]
        lacked = [
            lacks
            for report in reports
            for required, lacks in getattr(report, "user_properties", ())
            if required == self.required
        ]
        if not lacked:
            return
        reporter.section(f"THE {self.group} TESTS DID NOT RUN", red=True, bold=True)
        reporter.write_line(f"{len(lacked)} of the tests need {self.name}, and {lacked[0]}.")
        if not self.is_required:
            reporter.write_line(
                f"What passed says nothing about {self.about}. {self.required}=1 makes this a failure."
            )
