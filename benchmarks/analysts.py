"""Ten analysts at one server: each changes a filter every two seconds; how long until the map has the new cells.

    python benchmarks/analysts.py [--analysts 10] [--seconds 60] [--events 2000]

Each analyst is a Chromium page of its own. A change counts from the click until the map's layer has decoded and drawn
the answer for the new filter. At the end the server is killed and started again: what each looked at is in the address.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from driving import Analyst, Server  # noqa: E402 - ours, found by the line above
from map import browser, drawn, fill  # noqa: E402 - ours, found by the line above

PAUSE = 2.0
BUTTONS = ("7 days", "30 days", "All")


def measure(analysts: int, seconds: float, events: int) -> dict[str, Any]:
    """Times of all changes, and whether everybody found their view again."""
    home = Path(tempfile.mkdtemp(prefix="dateline-analysts-"))
    fill(home, events)
    server = Server(home).start()
    try:
        with browser() as chromium:
            crowd = [Analyst(chromium, server.url, counted=False) for _ in range(analysts)]
            for analyst in crowd:
                analyst.page.goto(server.url)
                drawn(analyst)
                _listen(analyst)
            times = _work(crowd, seconds)
            kept = _killed(server, crowd)
            for analyst in crowd:
                analyst.context.close()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    times.sort()
    return {
        "analysts": analysts,
        "changes": len(times),
        "p50_s": round(statistics.median(times), 3),
        "p95_s": round(times[int(len(times) * 0.95) - 1], 3),
        "kept_after_kill": kept,
    }


def _listen(analyst: Analyst) -> None:
    """Have each map note when a click was made and when the marks of another filter stood."""
    analyst.map.evaluate(
        """() => { window.changes = []; let since = null, filter = dateline.stats.filter;
        window.parent.document.addEventListener('click', () => { since = performance.now(); }, true);
        setInterval(() => { if (since !== null && dateline.stats.filter !== filter) {
          filter = dateline.stats.filter; window.changes.push(dateline.stats.at - since); since = null; } }, 5); }"""
    )


def _work(crowd: list[Analyst], seconds: float) -> list[float]:
    """All click on, each at a time of its own, not waiting for each other."""
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:
        for analyst in crowd:
            begin = time.monotonic()
            name = BUTTONS[turn % len(BUTTONS)]
            analyst.page.get_by_role("button", name=name, exact=True).click(no_wait_after=True)
            analyst.page.wait_for_timeout(max(0.0, PAUSE / len(crowd) - (time.monotonic() - begin)) * 1000)
        turn += 1
    crowd[0].page.wait_for_timeout(3000)
    return [ms / 1000 for analyst in crowd for ms in analyst.map.evaluate("window.changes")]


def _killed(server: Server, crowd: list[Analyst]) -> bool:
    """Whether everybody sees the same events after the server was killed and started again."""
    before = [(a.page.url, a.map.evaluate("dateline.data.matched")) for a in crowd]
    server.stop()
    server.start()
    found = []
    for analyst in crowd:
        analyst.page.reload()
        drawn(analyst)
        found.append((analyst.page.url, analyst.map.evaluate("dateline.data.matched")))
    return found == before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--analysts", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    given = parser.parse_args()
    told = measure(given.analysts, given.seconds, given.events)
    print(json.dumps(told) if given.json else "\n".join(f"{what:20}{value}" for what, value in told.items()))


if __name__ == "__main__":
    main()
