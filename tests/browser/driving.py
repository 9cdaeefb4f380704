"""Driving a real server and a real Chromium: for the browser tests and the benchmarks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "artifacts"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
# What a page has not drawn anew yet is faded, and may still move: true once nothing did so for 0.4 s.
AT_REST = """() => {
  const app = document.querySelector('[data-testid=stApp]'), now = performance.now();
  const busy = app?.dataset.testScriptState !== 'notRunning' || document.querySelector('[data-stale=true]');
  if (busy) window.busyAt = now;
  return now - (window.busyAt ??= now) > 400; }"""
LOOPBACK = {"127.0.0.1", "localhost", "::1", ""}
WAIT = int(os.environ.get("DATELINE_WAIT_MS", "60000"))  # the machine may be busy


class Server:
    """`streamlit run dashboard.py` on a free port of this machine, with a project folder of its own."""

    def __init__(self, home, **environment):
        self.home = home
        self.script = environment.pop("SCRIPT", "dashboard.py")
        self.environment = environment
        self.process = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"

    def start(self, *options):
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", self.script, "--server.port", str(self.port), *options],
                cwd=ROOT, stdout=log, stderr=log,
                env={**os.environ, "DATELINE_HOME": str(self.home), **self.environment},
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}_stcore/health", timeout=2):
                    return self
            except OSError:
                time.sleep(0.2)
        raise AssertionError((self.home / "server.log").read_text())

    def stop(self):
        self.process.kill()
        self.process.wait()


class Analyst:
    """Somebody at a browser: opens the page, clicks marks, reads the panel; counts what would have left the machine.

    To count is to have no cache and each request pass through Python: not where time is measured (`counted`).
    """

    def __init__(self, chromium, url, *, counted=True, **options):
        self.url = url
        self.context = chromium.new_context(viewport={"width": 1400, "height": 950}, **options)
        self.refused, self.errors = [], []
        if counted:
            self.context.route("**/*", self._guard)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._dialog)

    def _guard(self, route):
        if (urlsplit(route.request.url).hostname or "") in LOOPBACK:
            route.continue_()
        else:
            self.refused.append(route.request.url)
            route.abort()

    def _dialog(self, dialog):
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path=""):
        self.page.goto(self.url + path)
        return self.map

    @property
    def map(self):
        """The map's frame, once its layer has drawn an answer."""
        self.page.wait_for_selector("iframe", state="attached")
        deadline = time.monotonic() + WAIT / 1000
        while time.monotonic() < deadline:
            for frame in self.page.frames:
                if "streamlit_folium" in frame.url and ready(frame):
                    return frame
            self.page.wait_for_timeout(100)
        raise AssertionError("the map did not draw")

    def keys(self):
        """The keys of the events that the map holds now, as hexadecimal digits."""
        return set(self.map.evaluate("[...dateline.data.lo].map((l, i) => DatelineCells.hex(dateline.data.hi[i], l))"))

    def wait_for_count(self, n):
        self.map.wait_for_function(f"dateline.data.matched === {n}", timeout=WAIT)

    def rest(self):
        """Wait until the page is drawn: what is asked of it then is what it shows, and stays where it is."""
        self.page.evaluate("delete window.busyAt")
        self.page.wait_for_function(AT_REST, timeout=WAIT)

    def look_at(self, lon, lat, zoom):
        self.map.evaluate(f"dateline._map.setView([{lat}, {lon}], {zoom}, {{ animate: false }})")
        self.page.wait_for_timeout(300)  # it asks for the new view, and tells the page of it, a moment later
        self.map.wait_for_function("!dateline.loading && dateline.data")
        self.rest()

    def click_at(self, lon, lat):
        """Click the map where a place is."""
        x, y = self.map.evaluate(
            f"""() => {{ const p = dateline._map.latLngToContainerPoint([{lat}, {lon}]);
            const r = dateline._map.getContainer().getBoundingClientRect(); return [p.x + r.x, p.y + r.y]; }}"""
        )
        box = self.page.locator("iframe").first.bounding_box()
        self.page.mouse.click(box["x"] + x, box["y"] + y)

    def click_event(self, event_id, *, unfold=True):
        """Click an event's own mark, unfolding the spot it shares with others first."""
        from numpy import array

        from geo.index import keys_of

        key = int(keys_of(array([event_id.encode()]))[0])
        find = f"""(fan) => {{
          const d = dateline.data, key = [{key >> 32}, {key & 0xFFFFFFFF}];
          const at = [...d.lo].findIndex((lo, i) => lo === key[1] && d.hi[i] === key[0]);
          const mark = dateline.marks.find((m) => m.members.includes(at) && (fan ? m.members.length === 1 : true));
          if (!mark) return null;
          const p = dateline._map.layerPointToContainerPoint([mark.px, mark.py]);
          const r = dateline._map.getContainer().getBoundingClientRect();
          return [p.x + r.x, p.y + r.y, mark.members.length]; }}"""
        spot = self.map.evaluate(find, 1) or self.map.evaluate(find, 0)
        self._click_in_map(spot)
        if spot[2] > 1 and unfold:
            self.map.wait_for_function("dateline.fanned")
            self._click_in_map(self.map.evaluate(find, 1))

    def _click_in_map(self, spot):
        box = self.page.locator("iframe").first.bounding_box()
        self.page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])

    def drag_days(self, first, last):
        """Drag the brush of the time bar from one day to another."""
        x0, x1, y = self.map.evaluate(
            f"""() => {{ const b = dateline.bar, r = b.stage.getBoundingClientRect(), n = DatelineCells.dayNumber;
            return [r.x + b.toX(n("{first}")) + 1, r.x + b.toX(n("{last}") + 1) - 1, r.y + 30]; }}"""
        )
        box = self.page.locator("iframe").first.bounding_box()
        mouse = self.page.mouse
        mouse.move(box["x"] + x0, box["y"] + y)
        mouse.down()
        mouse.move(box["x"] + (x0 + x1) / 2, box["y"] + y, steps=4)
        mouse.move(box["x"] + x1, box["y"] + y, steps=4)
        mouse.up()

    def picture(self, name):
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"{name}.png")

    def close(self):
        self.context.close()
        assert self.refused == []
        assert self.errors == []


def ready(frame):
    try:
        return frame.evaluate("Boolean(window.dateline && dateline.data && dateline.words && dateline.bar.histogram)")
    except Exception as error:  # noqa: BLE001 - the frame may just be loading
        return "ontext" in str(error) and False
