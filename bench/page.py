"""The page of figures: tables of what was measured, put into the text around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from string import Template
from textwrap import fill

from bench.aims import MORE_THAN_QUIX, SLOWER_THAN_BARE, Costs, priced, shares, verdicts
from bench.delay import LEAD_S, PACES, WARM, Delay
from bench.offered import AT_ONCE
from bench.peers.job import JOBS, Job
from bench.peers.starting import PEERS
from bench.recovery import SESSION_S, Recovery
from bench.remembered import HANDLED
from bench.workers import Shared
from streams.agents.delivery import ENOUGH
from streams.agents.shell import BEHIND
from streams.agents.speaking import BATCH_BYTES
from streams.app import COMMIT_EVERY_S

TEMPLATE = Path(__file__).with_name("benchmarks.template.md")
WIDTH = 115
"""How long a line of text gets, whatever is put into it."""
_NOT_MEASURED = ["Not measured in this run."]
_AS_IT_IS = ("#", "|", "    ")


@dataclass(slots=True)
class Figures:
    """All that was measured; what was left out is empty.

    Attributes:
        command: how it was asked for.
        rounds: of how many rounds medians are.
        events: how many timing events a run has.
        machine: lines on what it was measured on, and what could not run there.
        core: lines of the tables of the pure core.
        jobs: lines of a table by job.
        costs: what an event takes by job, of the peers and of the steps alone.
        delays: by peer and pace.
        workers: runs by number of workers.
        recoveries: runs by number of events remembered.
    """

    command: str
    rounds: int
    events: int
    machine: list[str] = field(default_factory=list)
    core: Sequence[str] = ()
    jobs: dict[Job, list[str]] = field(default_factory=dict)
    costs: dict[Job, Costs] = field(default_factory=dict)
    delays: Mapping[str, Mapping[int, Delay | None]] = field(default_factory=dict)
    workers: Mapping[int, Sequence[Shared]] = field(default_factory=dict)
    recoveries: Mapping[int, Sequence[Recovery]] = field(default_factory=dict)


def page(figures: Figures, minutes: float) -> str:
    """Write the page as Markdown.

    Args:
        figures: what was measured.
        minutes: how long that took.
    """
    tables: dict[str, Sequence[str]] = {
        "machine": figures.machine,
        **{str(job): figures.jobs.get(job, []) for job in JOBS},
        "shares": shares(figures.costs),
        "verdicts": verdicts(figures.costs, figures.delays),
        "delay": _delay(figures.delays) if figures.delays else [],
        "workers": _workers(figures.workers) if figures.workers else [],
        "recovery": _recovery(figures.recoveries) if figures.recoveries else [],
        "core": figures.core,
        "priced": [priced(figures.costs["everything"])] if "everything" in figures.costs else [],
    }
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        {name: "\n".join(lines or _NOT_MEASURED) for name, lines in tables.items()},
        **{name: peer.title for name, peer in PEERS.items()},
        command=figures.command,
        date=f"{datetime.now(UTC):%d %B %Y}",
        minutes=f"{minutes:.0f}",
        rounds="one round" if figures.rounds == 1 else f"{figures.rounds} rounds",
        events=f"{figures.events:,}",
        at_once=AT_ONCE,
        commit_s=f"{COMMIT_EVERY_S:g}",
        batch_kb=BATCH_BYTES // 1000,
        behind=BEHIND,
        enough=ENOUGH,
        more_than_quix=f"{MORE_THAN_QUIX:g}",
        slower_than_bare=f"{SLOWER_THAN_BARE:g}",
        warm=WARM,
        lead_s=LEAD_S,
        java_warm=f"{PEERS['streams'].warms_with:,}",
        paces=" and then ".join(f"{per_s:,} a second for {seconds} s" for per_s, seconds in PACES),
        session_s=f"{SESSION_S:g}",
        handled=f"{HANDLED:,}",
    )
    return flowing(text)


def flowing(text: str) -> str:
    """Break the lines of paragraphs and lists anew; headings, tables and code stay as they are.

    Args:
        text: Markdown in which nothing is nested.
    """
    return "\n\n".join(_block(block) for block in text.rstrip("\n").split("\n\n")) + "\n"


def _block(block: str) -> str:
    if block.startswith(_AS_IT_IS):
        return block
    if not block.startswith("- "):
        return _filled(block)
    return "\n".join(_filled(f"- {item}", "  ") for item in block.removeprefix("- ").split("\n- "))


def _filled(text: str, indent: str = "") -> str:
    return fill(
        " ".join(text.split()),
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _delay(told: Mapping[str, Mapping[int, Delay | None]]) -> list[str]:
    heads = [f"{per_s:,}/s, p50 | p99" for per_s, _ in PACES]
    return [
        f"| | {' | '.join(heads)} |",
        f"|---|{'--:|--:|' * len(PACES)}",
        *(
            f"| {PEERS[name].title} | {' | '.join(_cells(paces[per_s]) for per_s, _ in PACES)} |"
            for name, paces in told.items()
        ),
    ]


def _cells(delay: Delay | None) -> str:
    return "falls behind | " if delay is None else f"{delay.p50_ms:.1f} | {delay.p99_ms:.1f}"


def _workers(runs: Mapping[int, Sequence[Shared]]) -> list[str]:
    first = median(run.speed.per_s for run in runs[min(runs)])
    lines = [
        "| workers | events/s | beside one | events/s of processor | largest, MB | stalled starts |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    for count, some in runs.items():
        per_s, per_cpu_s = (
            median(run.speed.per_s for run in some),
            median(run.speed.per_cpu_s for run in some),
        )
        peak_mb, stalls = median(run.speed.peak_mb for run in some), sum(run.stalls for run in some)
        lines.append(
            f"| {count} | {per_s:.0f} | {per_s / first:.2f} | {per_cpu_s:.0f} | {peak_mb:.0f} "
            f"| {stalls} of {stalls + len(some)} |"
        )
    return lines


def _recovery(runs: Mapping[int, Sequence[Recovery]]) -> list[str]:
    heads = (
        "events",
        "rows",
        "MB",
        "stood still, s",
        "less the session, s",
        "start, s",
        "memory, MB",
        "peak, MB",
    )
    return [
        f"| {' | '.join(heads)} |",
        "|" + "--:|" * len(heads),
        *(f"| {' | '.join(_recovered(size, some))} |" for size, some in runs.items()),
    ]


def _recovered(size: int, some: Sequence[Recovery]) -> list[str]:
    still_s = median(run.stood_still_s for run in some)
    return [
        f"{size:,}",
        f"{some[0].rows:,}",
        f"{some[0].rows_mb:.0f}",
        f"{still_s:.1f}",
        f"{still_s - SESSION_S:.1f}",
        f"{median(run.started_s for run in some):.1f}",
        f"{median(run.memory_mb for run in some):.0f}",
        f"{max(run.peak_mb for run in some):.0f}",
    ]
