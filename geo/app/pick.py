"""The small map of the review page: candidates as numbered marks, and a mark moved by hand; only numbers go in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from geo.maps import ASSETS, CREDIT, BaseMap, script
from geo.records import Place

HEIGHT: Final = 300  # pixels
FAR: Final = 100.0  # km: a wider circle would hide the map


class PickLayer(JSCSSMixin, MacroElement):
    """Our layer: `assets/pickmap.js` and what it needs."""

    default_js: list[tuple[str, str]] = [("dateline", script("pick"))]  # noqa: RUF012 - declared so by Folium
    default_css: list[tuple[str, str]] = [("dateline", f"{ASSETS}dateline.css")]  # noqa: RUF012 - declared so by Folium
    _template = Template(
        "{% macro script(this, kwargs) %}new DatelinePick({{ this.told }}).addTo({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PickLayer"
        self.told = json.dumps({"assets": ASSETS, "height": HEIGHT, "credit": CREDIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class PickState:
    """What the map shows: numbers only. `view` is a number whose change makes the map fit all marks anew."""

    marks: tuple[tuple[float, float, float, int], ...]
    chosen: int = 0
    hand: tuple[float, float] | None = None
    view: int = 0
    dark: bool = False

    def script(self) -> str:
        """The state as a JavaScript object of numbers."""
        told = {
            "marks": [[float(lon), float(lat), float(km), int(n)] for lon, lat, km, n in self.marks],
            "chosen": int(self.chosen),
            "hand": self.hand and [float(v) for v in self.hand],
            "view": int(self.view),
            "dark": int(self.dark),
        }
        return json.dumps(told, allow_nan=False)


class _Show(MacroElement):
    _template = Template("{% macro script(this, kwargs) %}datelinePick.setState({{ this.told }});{% endmacro %}")

    def __init__(self, state: PickState) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ShowPick"
        self.told = state.script()


def pick_map() -> BaseMap:
    """The map with our layer, the same on every run."""
    made = BaseMap(location=(30.0, 20.0), zoom_start=2, height=HEIGHT)
    PickLayer().add_to(made)
    return made


def shown(state: PickState) -> folium.FeatureGroup:
    """The feature group that carries a state to the layer."""
    group = folium.FeatureGroup()
    _Show(state).add_to(group)
    return group


def marks(places: Sequence[Place]) -> tuple[tuple[float, float, float, int], ...]:
    """Places as numbered marks, from 1."""
    return tuple((p.lon, p.lat, min(FAR, p.radius_km), n) for n, p in enumerate(places, start=1))
