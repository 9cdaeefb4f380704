"""The style of the pages around the map, read once; in the dark some types take lighter colours, as on the map."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

SHEET: Final = Path(__file__).parent / "assets" / "page.css"
# The same as LIGHTER in assets/marks.js: what would not be seen on the dark ground.
LIGHTER: Final = {0: "#c2407f", 3: "#7d71e3", 6: "#2f9e50"}
# Streamlit writes white on the first button of a form, which is light in the dark.
DARK_ON_LIGHT: Final = "\n[data-testid^='stBaseButton-primary'] * { color: #10151b; }"


@cache
def css(*, dark: bool) -> str:
    """The style sheet for a light or a dark page."""
    sheet = SHEET.read_text(encoding="utf-8")
    if dark:
        sheet += "".join(f"\n.dl-type-{code} {{ background: {colour}; }}" for code, colour in LIGHTER.items())
        sheet += DARK_ON_LIGHT
    return sheet
