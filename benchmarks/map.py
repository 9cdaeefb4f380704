"""How quick the map is, from 1 to 10,000,000 events, in Chromium with the network cut, beside a plain Folium page.

    python benchmarks/map.py                                   the README's table
    python benchmarks/map.py --sizes 5000,1000000 --json       one JSON object a size

For each size a store is filled with made-up events, the server is started, and a browser with an empty cache opens the
page. Times are medians in seconds, as somebody at the screen would count them: from the act to the marks (or the
panel) that follow from it. `plain_filter_s` is the same change of the filter on a page that loops over folium.Marker.
10,000,000 events take a quarter of an hour to fill, five minutes to read at the first start, and 4.5 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from driving import CHROMIUM, FLAGS, Analyst, Server  # noqa: E402 - ours, found by the line above

SIZES = (1, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
PART = 100_000
PATIENCE = 3600  # seconds; the first start at 10,000,000 events reads them all from the store
PLAIN_PATIENCE = 120  # seconds; a page that has not come back by then counts as lost
PLAIN_MOST = 20_000
TRIES = 7
COLUMNS = (
    "events", "ready_s", "first_cold_s", "first_warm_s", "filter_s", "panel_s", "scrub_s", "pan_s", "change_bytes",
    "server_mb", "browser_mb", "plain_filter_s", "geojson_filter_s",
)  # fmt: skip


# --- filling ----------------------------------------------------------------------------------------------------------


def fill(home: Path, n: int) -> None:
    """A store of n made-up events at up to 30,000 places."""
    from crowds import crowd

    from geo import settings, standard

    (home / "settings.toml").write_text("samples = false\n")
    with standard.store(settings.load(home=home)) as store:
        for part in range(0, n, PART):
            size = min(PART, n - part)
            places = min(30_000, max(1, n // 3))
            store.import_table(crowd(size, seed=part // PART + 1, places=places, world=1))
            print(f"  {part + size:,} of {n:,} in the store", file=sys.stderr)


# --- measuring --------------------------------------------------------------------------------------------------------


def timed(act: Callable[[], object]) -> float:
    """How long something takes."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def memory_mb(pid: int, *, children: bool = False) -> float:
    """Resident memory of a process in MB, with its descendants if wished."""
    pids = [pid]
    if children:
        parents: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                parents.setdefault(int(stat[1]), []).append(int(entry.name))
        for one in pids:
            pids += parents.get(one, [])
    total = 0
    for one in pids:
        for line in Path(f"/proc/{one}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1000


class Bytes:
    """Counts what the page receives, by any road."""

    def __init__(self, analyst: Analyst) -> None:
        self.total = 0
        told = analyst.context.new_cdp_session(analyst.page)
        told.send("Network.enable")
        told.on("Network.loadingFinished", lambda e: self.add(e["encodedDataLength"]))
        told.on("Network.webSocketFrameReceived", lambda e: self.add(len(e["response"]["payloadData"]) * 3 / 4))

    def add(self, size: float) -> None:
        """Take so many bytes into account (a frame's payload is told in base64)."""
        self.total += int(size)


def drawn(analyst: Analyst) -> None:
    """Wait until the map has drawn an answer."""
    deadline = time.perf_counter() + 120
    while time.perf_counter() < deadline:
        for frame in analyst.page.frames:
            if "streamlit_folium" in frame.url and _has_marks(frame):
                return
        analyst.page.wait_for_timeout(15)
    raise TimeoutError("no marks within 120 s")


def _has_marks(frame: Any) -> bool:
    return _says(frame, "() => Boolean(window.dateline && dateline.data && dateline.marks.length)")


def _says(frame: Any, expression: str, told: Any = None) -> bool:
    try:
        return bool(frame.evaluate(expression, told))
    except Exception:  # noqa: BLE001 - the frame is being replaced
        return False


def changed(analyst: Analyst, act: Callable[[], object]) -> float:
    """How long from an act to the marks of another filter."""
    before = analyst.map.evaluate("[dateline.stats.filter, dateline.stats.answers]")
    frame = analyst.map
    begin = time.perf_counter()
    act()
    frame.wait_for_function(
        f"dateline.stats.filter !== {before[0]} && dateline.stats.answers > {before[1]}", polling=10, timeout=60_000
    )
    return time.perf_counter() - begin


def filters(analyst: Analyst, n: int) -> list[float]:
    """Changes of the range of days by the page's own buttons."""
    week, month, everything = (
        analyst.page.get_by_role("button", name=name, exact=True) for name in ("7 days", "30 days", "All")
    )
    times = []
    for button in ([week, month, everything] * TRIES)[: TRIES if n > 1 else 3]:
        analyst.page.wait_for_timeout(1000)  # the page has come to rest, as before an analyst's next act
        times.append(changed(analyst, button.click))
    return times


def scrub(analyst: Analyst) -> float:
    """A window of a year moved through the bar in 40 steps, each drawn; the median step."""
    return float(
        analyst.map.evaluate(
            """async () => {
              const [low, high] = dateline.bar.range, wide = Math.min(365, Math.max(1, (high - low) >> 1)), times = [];
              for (let i = 0; i < 40; i += 1) {
                const from = low + Math.round(((high - low - wide) * i) / 40), before = dateline.stats.answers;
                const begin = performance.now();
                dateline.chooseDays([from, from + wide], false);
                while (dateline.stats.answers === before) await new Promise((r) => setTimeout(r, 2));
                times.push(performance.now() - begin);
              }
              dateline.chooseDays(null, false);
              times.sort((a, b) => a - b);
              return times[20] / 1000; }"""
        )
    )


def pan(analyst: Analyst) -> float:
    """From a move or a zoom to the marks of the new view; the median."""
    return float(
        analyst.map.evaluate(
            """async () => {
              const times = [];
              for (const [lat, lon, zoom] of [[48, 31, 5], [48.5, 33, 6], [49, 35, 6], [50, 30, 7], [47, 31, 5]]) {
                while (dateline.loading) await new Promise((r) => setTimeout(r, 2));
                const before = dateline.stats.answers, begin = performance.now();
                dateline._map.setView([lat, lon], zoom, { animate: false });
                while (dateline.stats.answers === before) await new Promise((r) => setTimeout(r, 2));
                times.push(performance.now() - begin);
              }
              times.sort((a, b) => a - b);
              return times[2] / 1000; }"""
        )
    )


def closer(frame: Any) -> None:
    """Look as close at where most events are as single events need to be drawn."""
    frame.evaluate(
        """async () => {
          const wait = async () => { do await new Promise((r) => setTimeout(r, 20)); while (dateline.loading); };
          await wait();
          for (let zoom = 6; dateline.data.mode !== "events" && zoom <= 14; zoom += 1) {
            dateline._map.setView([48, 31], zoom, { animate: false });
            await wait();
          } }"""
    )


SPOT = """([at, many]) => {
  const size = dateline._map.getSize();
  const toPoint = (m) => dateline._map.layerPointToContainerPoint([m.px, m.py]);
  const inside = (p) => p.x > 70 && p.y > 10 && p.x < size.x - 80 && p.y < size.y - 40;
  const wanted = (m) => m.members && (many ? m.members.length > 1 : m.members.length === 1);
  const r = dateline._map.getContainer().getBoundingClientRect();
  const free = (p) => !document.elementFromPoint(p.x + r.x, p.y + r.y)?.closest(".leaflet-control, .dl-note");
  const marks = dateline.marks.filter((m) => wanted(m) && inside(toPoint(m)) && free(toPoint(m)));
  if (!marks.length) return null;
  const p = toPoint(marks[(at * 7) % marks.length]);
  return [p.x + r.x, p.y + r.y]; }"""


def single(analyst: Analyst, frame: Any, at: int) -> list[float] | None:
    """Where the mark of one event stands, in CSS pixels of the frame; where all share their spots, one is unfolded."""
    found: list[float] | None = frame.evaluate(SPOT, [at, False])
    if found is None and (shared := frame.evaluate(SPOT, [at, True])):
        _click(analyst, shared)
        frame.wait_for_function("dateline.fanned", timeout=30_000)
        analyst.page.wait_for_timeout(500)
        found = frame.evaluate(SPOT, [at, False])
    return found


def _click(analyst: Analyst, spot: list[float]) -> None:
    box = analyst.page.locator("iframe").first.bounding_box()
    assert box is not None  # the map was drawn
    analyst.page.mouse.move(box["x"] + spot[0], box["y"] + spot[1])
    analyst.page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])


def panels(analyst: Analyst) -> list[float]:
    """From a click on a mark to its panel."""
    times: list[float] = []
    frame = analyst.map
    closer(frame)
    for at in range(TRIES):
        analyst.page.wait_for_timeout(1000)
        spot = single(analyst, frame, at)
        if spot is None:
            break
        begin = time.perf_counter()
        _click(analyst, spot)
        analyst.page.locator(".dl-panel").wait_for(timeout=30_000)
        times.append(time.perf_counter() - begin)
        analyst.page.get_by_role("button", name="Close").click()
        analyst.page.locator(".dl-panel").wait_for(state="detached")
    return times


@contextmanager
def browser() -> Iterator[Any]:
    """A Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


def ours(home: Path, n: int) -> dict[str, Any]:
    """Our page at one size."""
    first = Server(home)
    wait_ready(first)  # the first start, which makes the index
    first.stop()
    server = Server(home)
    ready = timed(lambda: wait_ready(server))
    told: dict[str, Any] = {"events": n, "ready_s": ready}
    with browser() as chromium:
        for run in range(2):  # the first page of a server imports what pages need; the second is what users meet
            analyst = Analyst(chromium, server.url, counted=False)
            told["first_cold_s"] = timed(lambda a=analyst: (a.page.goto(server.url), drawn(a)))  # type: ignore[misc]
            if run == 0:
                analyst.context.close()
        told["first_warm_s"] = statistics.median(
            timed(lambda: (analyst.page.reload(), drawn(analyst))) for _ in range(3)
        )
        analyst.page.get_by_text("Find a place").wait_for()
        counter = Bytes(analyst)
        times = filters(analyst, n)
        told["filter_s"] = statistics.median(times)
        analyst.page.wait_for_timeout(500)
        told["change_bytes"] = counter.total // len(times)
        told["scrub_s"] = scrub(analyst)
        told["pan_s"] = pan(analyst)
        clicks = panels(analyst)
        told["panel_s"] = statistics.median(clicks) if clicks else None
        told["browser_mb"] = round(memory_mb(os.getpid(), children=True) - memory_mb(os.getpid()))
        analyst.close()
    told["server_mb"] = round(memory_mb(server.process.pid))
    told["browser_mb"] -= told["server_mb"]
    server.stop()
    return told


def wait_ready(server: Server) -> None:
    """Start a server and wait until it answers from its index."""
    import urllib.error
    import urllib.request

    server.start()
    try:
        urllib.request.urlopen(f"{server.url}api/event/nobody", timeout=PATIENCE)
    except urllib.error.HTTPError as answer:
        if answer.code != 404:
            raise


def plain(n: int, kind: str) -> float | None:
    """The same change on a plain page, None where it did not come back."""
    from playwright.sync_api import Error

    if n > PLAIN_MOST:
        return None
    home = Path(tempfile.mkdtemp(prefix="dateline-plain-"))
    server = Server(home, EVENTS=str(n), KIND=kind, SCRIPT="benchmarks/plain_page.py").start()
    try:
        with browser() as chromium:
            analyst = Analyst(chromium, server.url, counted=False)
            analyst.page.set_default_timeout(PLAIN_PATIENCE * 1000)
            analyst.page.goto(server.url)
            count = """(n) => { let c = 0; if (window.map && map._layers)
              for (const l of Object.values(map._layers)) if (l.getLatLng) c += 1; return c === n; }"""
            import crowds

            whole = int(crowds.crowd(n, places=min(n, 20_000)).geometry.notna().sum())
            return _plain_change(analyst, count, whole)
    except Error:
        return None
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def _plain_change(analyst: Analyst, count: str, whole: int) -> float:
    analyst.page.wait_for_selector("iframe", state="attached")

    def shows(n: int) -> None:
        deadline = time.perf_counter() + PLAIN_PATIENCE
        while time.perf_counter() < deadline:
            for frame in analyst.page.frames:
                if "streamlit_folium" in frame.url and _says(frame, count, n):
                    return
            analyst.page.wait_for_timeout(20)
        raise TimeoutError

    try:
        shows(whole)
        analyst.page.wait_for_timeout(1500)
        button = analyst.page.get_by_role("button", name="half")
        return timed(lambda: (button.click(), shows(whole // 2)))
    except TimeoutError:
        from playwright.sync_api import Error

        raise Error("the plain page did not come back") from None


# --- telling ----------------------------------------------------------------------------------------------------------


def told(sizes: list[int]) -> Iterator[dict[str, Any]]:
    """What was measured, a size at a time."""
    for n in sizes:
        home = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
        try:
            fill(home, n)
            row = ours(home, n)
        finally:
            shutil.rmtree(home, ignore_errors=True)
        row["plain_filter_s"] = plain(n, "marker")
        row["geojson_filter_s"] = plain(n, "geojson")
        yield {name: round(v, 3) if isinstance(v := row[name], float) else v for name in COLUMNS}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of events, parted by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object a size")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    if not given.json:
        print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for row in told(sizes):
        line = (
            json.dumps(row)
            if given.json
            else "| " + " | ".join("–" if v is None else f"{v:,}" for v in row.values()) + " |"
        )
        print(line, flush=True)


if __name__ == "__main__":
    main()
