"""`python -m bench.chaos`: break a cluster by plan, and hold what was published against memory."""

import argparse
import asyncio
import shlex
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.chaos.log import by_fault
from bench.chaos.order import Order
from bench.chaos.page import page
from bench.chaos.plan import KINDS, plan
from bench.chaos.run import Account, run
from bench.chaos.table import fault_lines, promise_lines, stream_lines
from streams.broker_connection import quiet_client
from streams.errors import SlotritError
from streams.event_files import Line, read_events

FIXTURES = Path(__file__).parents[2] / "fixtures"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="repeats season and plan (default 1)")
    recorded = sum(line.stream == "timing" for line in _fixtures())
    parser.add_argument(
        "--events",
        type=int,
        default=200_000,
        help=f"generated events, besides the {recorded:,} of the fixtures (default 200000)",
    )
    parser.add_argument(
        "--workers", type=int, default=3, help="workers in the beginning, at least 2 (default 3)"
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=30.0,
        help="how long the events take, longer where recovery does (default 30)",
    )
    parser.add_argument("--races", type=int, default=20, help="races at once (default 20)")
    parser.add_argument("--without", action="append", default=[], choices=KINDS, help="a fault to leave out")
    parser.add_argument("--only", action="append", default=[], choices=KINDS, help="no other fault than this")
    parser.add_argument("--keep", action="store_true", help="keep the logs also where all held")
    parser.add_argument("--out", type=Path, help="write the page on this run, unless a promise was broken")
    told = parser.parse_args()
    if (
        told.workers < 2
        or told.events < 1
        or told.minutes <= 0
        or told.races < 1
        or not {*(told.only or KINDS)} - {*told.without}
    ):
        parser.error(
            "--workers must be at least 2, --events, --races and --minutes above 0, and a fault be left"
        )
    return told


def _fixtures() -> list[Line]:
    return [line for path in sorted(FIXTURES.glob("*.jsonl")) for line in read_events([path])]


def _order(told: argparse.Namespace) -> Order:
    kinds = [kind for kind in told.only or KINDS if kind not in told.without]
    fixtures = _fixtures()
    lasts_s = told.minutes * 60
    timing = told.events + sum(line.stream == "timing" for line in fixtures)
    return Order(
        seed=told.seed,
        events=told.events,
        workers=told.workers,
        per_s=timing / lasts_s,
        plan=plan(told.seed, lasts_s, kinds),
        concurrent=told.races,
        fixtures=fixtures,
    )


def told_lines(account: Account, order: Order) -> list[str]:
    """Draw up the whole account."""
    begins = [each.at_ms for each in account.injected]
    again = by_fault((at_ms for log in account.logs for at_ms in log.again_at_ms), begins)
    older = by_fault((each.at_ms for log in account.logs for each in log.older), begins)
    head = (
        f"seed {order.seed}: {account.published} timing events in {account.took_s:.0f} s, "
        f"{len(account.injected)} faults, largest lag {account.largest_lag}"
    )
    foot = (
        f"duplicates {sum(again.values())}, losses {account.losses}, "
        f"workers that ended by themselves {len(account.crashes)}, "
        f"stopped uncleanly {len(account.unclean)} (codes {sorted(set(account.unclean))})"
    )
    ends = [f"          {crash}" for crash in account.crashes]
    return [
        head,
        "",
        *fault_lines(account.injected, again, older),
        foot,
        *ends,
        "",
        *stream_lines(account.streams),
        "",
        *promise_lines(account.promises),
    ]


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    """Run and print the table.

    Returns:
        0 where every promise held, 1 where one did not, or the run could not be made.
    """
    told = _arguments()
    order = _order(told)
    folder = Path(tempfile.mkdtemp(prefix="slotrit-chaos-"))
    keep, began = True, time.monotonic()
    try:
        # What clients say of a broker that is away is no news here.
        with quiet_client():
            account = asyncio.run(run(order, folder, _say))
        keep = told.keep or any(promise.broken for promise in account.promises)
        (folder / "broken.txt").write_text(
            "".join(f"{each.name}: {evidence}\n" for each in account.promises for evidence in each.broken),
            "utf-8",
        )
        lines = told_lines(account, order)
        for line in lines:
            _say(line)
        broken = any(promise.broken for promise in account.promises)
        if told.out is not None and not broken:
            command = shlex.join(["python", "-m", "bench.chaos", *sys.argv[1:]])
            told.out.write_text(page(lines, order, command, (time.monotonic() - began) / 60), "utf-8")
    except SlotritError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        for data in folder.glob("*-broker-*/data"):
            shutil.rmtree(data, ignore_errors=True)
        if keep:
            sys.stderr.write(f"the logs of brokers and workers, and all that was broken, are in {folder}\n")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
