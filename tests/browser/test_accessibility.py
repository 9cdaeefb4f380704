"""axe-core finds no serious fault on any page, in light and dark."""

from pathlib import Path

import pytest
from conftest import ROOT, Analyst

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Streamlit's own page, which we cannot change: its sidebar handle, its hidden date input, its viewport without zoom.
THEIRS = ("stSidebarCollapse", "hidden-dateinput", "stToolbar", "stMainMenu", "user-scalable=no")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "review", "add", "missing", "online", "projects"])
def test_axe_finds_no_serious_fault(chromium, server, scheme, path):
    if not AXE.exists():
        pytest.skip("needs axe-core (npm ci)")
    analyst = Analyst(chromium, server.url, color_scheme=scheme, bypass_csp=True)
    if path:
        analyst.page.goto(server.url + path)
        analyst.page.locator("h2, h3").first.wait_for()
    else:
        analyst.open()
        analyst.page.get_by_text("Find a place").wait_for()
    analyst.rest()
    analyst.page.wait_for_timeout(1000)
    frames = [f for f in analyst.page.frames if f == analyst.page.main_frame or "streamlit_folium" in f.url]
    faults = [fault for frame in frames for fault in serious(frame)]
    analyst.close()
    assert faults == []


def serious(frame):
    frame.evaluate(Path(AXE).read_text())
    found = frame.evaluate("axe.run(document, { iframes: false, resultTypes: ['violations'] })")
    return [
        (rule["id"], node["html"][:200])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if not any(theirs in node["html"] for theirs in THEIRS)
    ]
