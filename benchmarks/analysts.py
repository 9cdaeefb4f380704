"""Ten analysts at one server: each changes a filter every two seconds; how long until the map has the new marks.

    python benchmarks/analysts.py [--analysts 10] [--seconds 60] [--events 2000]
    python benchmarks/analysts.py --screens 10        all in browsers of this machine, which then works for all of them

Analysts have machines of their own and share the server. So nine of the ten say and ask on the wire what a browser
would (benchmarks/wire.py), and the tenth is a Chromium, whose changes count until its marks are drawn: `p95_s` is of
all changes, `screen_p95_s` of those on the screen, `whole_p95_s` until the whole page has come. At the end the server
is killed and started again: what each looked at is in the address.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from driving import Analyst, Server  # noqa: E402 - ours, found by the line above
from map import browser, drawn, fill, memory_mb, wait_ready  # noqa: E402 - ours, found by the line above
from wire import Wire  # noqa: E402 - ours, found by the line above

PAUSE = 2.0
BUTTONS = ("7 days", "30 days", "All")
# The map notes when a click was made on the page and when the marks of another filter stood.
LISTEN = """() => { window.changes = []; let since = null, filter = dateline.stats.filter;
  const redraw = dateline._redraw;
  window.parent.document.addEventListener('click', () => { since ??= performance.now(); }, true);
  dateline._redraw = function () { redraw.call(this);
    if (since !== null && this.stats.filter !== filter) {
      filter = this.stats.filter; window.changes.push(performance.now() - since); since = null; } }; }"""


class Wired:
    """The analysts on the wire, in a thread of their own beside the browser."""

    def __init__(self, url: str, many: int) -> None:
        self.wires = [Wire(url) for _ in range(many)]
        self.marks: list[float] = []
        self.whole: list[float] = []
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def do(self, act: Any) -> Any:
        """Have something done in the thread, and wait for it."""
        return asyncio.run_coroutine_threadsafe(act, self.loop).result()

    async def open(self) -> None:
        """All load the page, one after the other."""
        for wire in self.wires:
            await wire.open()

    async def close(self) -> None:
        """All leave."""
        for wire in self.wires:
            await wire.close()

    async def work(self, seconds: float) -> None:
        """All press on for so long, each at a time of its own."""
        await asyncio.gather(*(self._one(wire, n, seconds) for n, wire in enumerate(self.wires)))

    async def _one(self, wire: Wire, n: int, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time() + PAUSE * n / len(self.wires)
        for turn in range(int(seconds / PAUSE)):
            at = begin + turn * PAUSE
            await asyncio.sleep(max(0.0, at - loop.time()))
            late = loop.time() - at  # where the change before took longer than the pause
            marks, whole = await wire.press(BUTTONS[turn % len(BUTTONS)])
            self.marks.append(late + marks)
            self.whole.append(late + whole)

    def seen(self) -> list[tuple[str, int]]:
        """What each looks at: the address, and how many events it leaves."""
        return [(wire.query, wire.matched) for wire in self.wires]


def measure(analysts: int, screens: int, seconds: float, events: int) -> dict[str, Any]:
    """Times of all changes, and whether everybody found their view again."""
    home = Path(tempfile.mkdtemp(prefix="dateline-analysts-"))
    fill(home, events)
    server = Server(home)
    wait_ready(server)
    try:
        with browser() as chromium:
            crowd = [Analyst(chromium, server.url, counted=False) for _ in range(screens)]
            for analyst in crowd:
                analyst.page.goto(server.url)
                drawn(analyst)
                analyst.map.evaluate(LISTEN)
            wired = Wired(server.url, analysts - screens)
            wired.do(wired.open())
            working = asyncio.run_coroutine_threadsafe(wired.work(seconds), wired.loop)
            on_screen = _work(crowd, seconds)
            working.result()
            memory = round(memory_mb(server.process.pid))
            kept = _killed(server, crowd, wired)
            for analyst in crowd:
                analyst.context.close()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    times = [*on_screen, *wired.marks]
    return {
        "analysts": analysts,
        "screens": screens,
        "pressed": analysts * int(seconds / PAUSE),
        "changes": len(times),
        "p50_s": _share(times, 0.5),
        "p95_s": _share(times, 0.95),
        "screen_p95_s": _share(on_screen, 0.95),
        "whole_p95_s": _share(wired.whole, 0.95),
        "server_mb": memory,
        "kept_after_kill": kept,
    }


def _share(times: list[float], share: float) -> float | None:
    """The time within which this share of the changes was done."""
    return (
        round(statistics.quantiles(times, n=100, method="inclusive")[round(share * 100) - 1], 3) if times[1:] else None
    )


def _work(crowd: list[Analyst], seconds: float) -> list[float]:
    """Those at screens click on, each at a time of its own, not waiting for each other; the seconds to new marks."""
    if not crowd:
        return []
    page = crowd[0].page
    clock = "performance.now()"
    begin = page.evaluate(clock)
    for turn in range(int(seconds / PAUSE)):
        for n, analyst in enumerate(crowd):
            at = begin + 1000 * PAUSE * (turn + n / len(crowd))
            page.wait_for_timeout(max(0.0, at - page.evaluate(clock)))
            name = BUTTONS[turn % len(BUTTONS)]
            analyst.page.get_by_role("button", name=name, exact=True).click(no_wait_after=True)
    page.wait_for_timeout(3000)
    return [ms / 1000 for analyst in crowd for ms in analyst.map.evaluate("window.changes")]


def _killed(server: Server, crowd: list[Analyst], wired: Wired) -> bool:
    """Whether everybody sees the same events after the server was killed and started again."""

    def seen() -> list[tuple[str, int]]:
        return [(a.page.url, a.map.evaluate("dateline.data.matched")) for a in crowd] + wired.seen()

    before = seen()
    server.stop()
    server.start()
    for analyst in crowd:
        analyst.page.reload()
        drawn(analyst)
    wired.do(wired.close())
    wired.do(wired.open())
    return seen() == before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--analysts", type=int, default=10)
    parser.add_argument("--screens", type=int, default=1, help="how many of them are browsers on this machine")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    given = parser.parse_args()
    told = measure(given.analysts, given.screens, given.seconds, given.events)
    print(json.dumps(told) if given.json else "\n".join(f"{what:20}{value}" for what, value in told.items()))


if __name__ == "__main__":
    main()
