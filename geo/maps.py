"""Events to the map: a Folium map that never changes, our canvas layer in it, and the bytes that the layer draws.

No string that we did not write ever reaches Folium: branca compiles whatever it is given as a Jinja template, and
JavaScript runs what stands in `${...}`. So Folium carries code and numbers; words go to the page by other roads.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import folium
import numpy as np
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from geo.index import UNDATED, Change
from geo.records import LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.index import Index, View

ASSETS: Final = "../../assets/"  # seen from the component's own page, so that a base path changes nothing
API: Final = "../../api/"
TILES: Final = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"  # asked only when the user ticks the online map
MAGIC: Final = 0x314C5444  # "DTL1"
NO_AREA: Final = 0xFFFF
_AREAS: Final = tuple(LEVELS.index(level) for level in ("admin2", "admin1", "region"))
_VENDOR: Final = f"{ASSETS}vendor/"


SCRIPTS: Final = {
    "map": (
        "vendor/topojson-client.min",
        "focus",
        "credits",
        "cells",
        "basemap",
        "marks",
        "picture",
        "timebar",
        "walk",
        "eventlayer",
    ),
    "pick": ("vendor/topojson-client.min", "focus", "credits", "cells", "basemap", "pickmap"),
}
"""The files in `assets` that a map needs beside Leaflet. They are sent as one: streamlit-folium loads one by one."""


def script(name: str) -> str:
    """The address of one of SCRIPTS."""
    return f"{ASSETS}scripts/{name}.js"


class BaseMap(folium.Map):
    """A Folium map that takes Leaflet from this machine."""

    default_js: list[tuple[str, str]] = [("leaflet", f"{_VENDOR}leaflet.js")]  # noqa: RUF012 - declared so by Folium
    default_css: list[tuple[str, str]] = [("leaflet", f"{_VENDOR}leaflet.css")]  # noqa: RUF012 - declared so by Folium

    def __init__(self, **options: Any) -> None:
        super().__init__(tiles=None, **options)
        self._name = "Map"
        self.options |= {"max_zoom": 18, "min_zoom": 2, "zoom_animation": True, "world_copy_jump": True}


class EventLayer(JSCSSMixin, MacroElement):
    """Our layer: `assets/eventlayer.js` and what it needs, told where to ask and how high the whole may be (pixels)."""

    default_js: list[tuple[str, str]] = [("dateline", script("map"))]  # noqa: RUF012 - declared so by Folium
    default_css: list[tuple[str, str]] = [("dateline", f"{ASSETS}dateline.css")]  # noqa: RUF012 - declared so by Folium
    _template = Template(
        "{% macro script(this, kwargs) %}new DatelineEvents({{ this.told }}).addTo({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self, *, height: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "EventLayer"
        self.told = json.dumps(
            {"assets": ASSETS, "api": API, "height": height, "credit": CREDIT, "tiles": TILES.replace("{", "%7B")}
        )


# Ours, word for word, and constant; GeoNames asks for name, link and licence on the map.
CREDIT: Final = (
    "Places © <a href='https://www.geonames.org/' target='_blank' rel='noopener'>GeoNames</a> "
    "<a href='https://creativecommons.org/licenses/by/4.0/' target='_blank' rel='noopener'>CC BY 4.0</a> · "
    "<a href='https://www.naturalearthdata.com/' target='_blank' rel='noopener'>Natural Earth</a>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapState:
    """What the layer is to show: numbers only.

    `number` is the filter's number on the server, `version` the store's; `selected` the event's key as two 32-bit
    halves, and `at` where it stands (lon, lat), for the map to bring it into view; `days` the filter's range as day
    numbers; `view` lon, lat, zoom and a nonce that makes the map go there;
    `ring` the outline of the area that the filter is narrowed to, in degrees; `against` the number of the filter
    to compare with, 0 for none, and `then` its days as day numbers; `follow` whether the histogram counts only what
    the map shows.
    """

    number: int
    version: int
    dark: bool = False
    selected: tuple[int, int] | None = None
    at: tuple[float, float] | None = None
    days: tuple[int, int] | None = None
    view: tuple[float, float, int, int] | None = None
    ring: tuple[tuple[float, float], ...] = ()
    against: int = 0
    then: tuple[int, int] | None = None
    follow: bool = False

    def script(self) -> str:
        """The state as a JavaScript object of numbers."""
        told = {
            "filter": int(self.number),
            "version": int(self.version),
            "dark": int(self.dark),
            "selected": self.selected and [int(v) for v in self.selected],
            "at": self.at and [float(v) for v in self.at],
            "days": self.days and [int(v) for v in self.days],
            "ring": [[float(lon), float(lat)] for lon, lat in self.ring],
            "against": int(self.against),
            "then": self.then and [int(v) for v in self.then],
            "follow": int(self.follow),
            "view": self.view and [*(float(v) for v in self.view[:2]), *(int(v) for v in self.view[2:])],
        }
        return json.dumps(told, allow_nan=False)


class ShowState(MacroElement):
    """Tells the layer its state, through streamlit-folium's `feature_group_to_add`, without touching the map."""

    _template = Template("{% macro script(this, kwargs) %}dateline.setState({{ this.told }});{% endmacro %}")

    def __init__(self, state: MapState) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ShowState"
        self.told = state.script()


def base_map(*, height: int) -> BaseMap:
    """The map with our layer, the same on every run, so that it is never built anew in the browser."""
    made = BaseMap(location=(30.0, 20.0), zoom_start=2, height=height)
    EventLayer(height=height).add_to(made)
    return made


def shown(state: MapState) -> folium.FeatureGroup:
    """The feature group that carries a state to the layer."""
    group = folium.FeatureGroup()
    ShowState(state).add_to(group)
    return group


def halves(key: int) -> tuple[int, int]:
    """A 64-bit key as two 32-bit numbers, which JavaScript holds exactly.

    >>> halves(2**32 + 7)
    (1, 7)
    """
    return key >> 32, key & 0xFFFFFFFF


def packed(index: Index, view: View | Change) -> bytes:
    """A view as the layer reads it (assets/cells.js): eight 32-bit numbers, then columns, little-endian."""
    if isinstance(view, Change):
        return _head(view, 2, len(view.x), 0) + b"".join(_little(c) for c in (view.x, view.y, view.now, view.then))
    return _cells(view) if view.rows is None else _events(index, view, view.rows)


def _head(view: View | Change, mode: int, n: int, tail: int) -> bytes:
    return struct.pack("<8I", MAGIC, mode, n, view.inside, view.matched, tail, 0, 0)


def _cells(view: View) -> bytes:
    columns = (view.x, view.y, view.count, view.first, view.last, view.type, view.one_spot)
    return _head(view, 1, len(view.x), 0) + b"".join(_little(c) for c in columns)


def _events(index: Index, view: View, rows: NDArray[np.int32]) -> bytes:
    names = ("x", "y", "first", "last", "place", "radius", "confidence", "reports", "type", "level")
    column = {name: index.told(name, rows) for name in names}
    keys = index.keys[rows]
    dated = column["first"] < UNDATED
    span = np.where(dated, column["last"].astype(np.int64) - column["first"], 0)
    areas, places = _areas(index, column)
    tail = json.dumps(places).encode()
    columns = (
        column["x"],
        column["y"],
        (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        (keys >> np.uint64(32)).astype(np.uint32),
        column["first"],
        np.clip(span, 0, 0xFFFF).astype(np.uint16),
        np.clip(column["radius"] * 10, 0, 0xFFFF).astype(np.uint16),
        areas,
        column["type"],
        column["level"],
        (np.clip(column["confidence"], 0, 1) * 255).astype(np.uint8),
        np.minimum(column["reports"], 0xFF).astype(np.uint8),
    )
    return _head(view, 0, len(rows), len(tail)) + b"".join(_little(c) for c in columns) + tail


def _areas(index: Index, column: dict[str, NDArray[Any]]) -> tuple[NDArray[np.uint16], list[str]]:
    """For each event the position of its area's place_id in the list that follows, NO_AREA for a point."""
    wide = np.isin(column["level"], _AREAS)
    codes, inverse = np.unique(column["place"][wide], return_inverse=True)
    areas = np.full(len(wide), NO_AREA, np.uint16)
    areas[wide] = inverse
    return areas, [index.vocabulary.places[code] for code in codes]


def _little(column: NDArray[Any]) -> bytes:
    return column.astype(column.dtype.newbyteorder("<"), copy=False).tobytes()
