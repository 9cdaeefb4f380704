"""Our few routes beside the page: assets, cells, histogram, one event, one report, one area, and the map's words."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from geo import maps
from geo.app import service, words
from geo.app.desk import Desk, desk, keeping
from geo.app.tell import event_told, report_told
from geo.errors import GazetteerError, NotFound
from geo.index import Histogram, day_number, day_of
from geo.records import EVENT_TYPES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from geo.filters import Filter

ASSETS: Final = Path(__file__).parent / "assets"
BASEMAP: Final = Path(__file__).resolve().parents[2] / "data" / "basemap"
MINUTE: Final = {"Cache-Control": "private, max-age=60"}
WEEK: Final = {"Cache-Control": "private, max-age=604800"}
FIRST_DAY, LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, as days from 1970-01-01
MAX_BINS: Final = 180
KEY_DIGITS: Final = 16


def routes(prefix: str = "") -> list[BaseRoute]:
    """All routes, below a base path if the server has one (Streamlit puts its own there, not ours)."""
    base = f"/{prefix.strip('/')}" if prefix.strip("/") else ""
    return [
        Route(f"{base}/assets/basemap/{{name}}.json", basemap),
        Route(f"{base}/assets/scripts/{{name}}.js", scripts),
        Mount(f"{base}/assets", StaticFiles(directory=ASSETS)),
        Route(f"{base}/api/words", map_words),
        Route(f"{base}/api/credits", credits_due),
        Route(f"{base}/api/cells", cells),
        Route(f"{base}/api/histogram", histogram),
        Route(f"{base}/api/event/{{key}}", event),
        Route(f"{base}/api/report/{{report_id:path}}", report),
        Route(f"{base}/api/area/{{place_id}}", area),
    ]


def basemap(request: Request) -> Response:
    """A file of the basemap, as it lies on the disk: packed."""
    path = BASEMAP / f"{request.path_params['name']}.json.gz"
    if path.parent != BASEMAP or not path.is_file():
        return _nothing()
    headers = {"Content-Encoding": "gzip", **WEEK}
    return Response(path.read_bytes(), media_type="application/json", headers=headers)


def scripts(request: Request) -> Response:
    """The files of a map's JavaScript one after the other."""
    names = maps.SCRIPTS.get(request.path_params["name"])
    if names is None:
        return _nothing()
    joined = "\n".join((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in names)
    return Response(joined, media_type="text/javascript", headers=MINUTE)


def map_words(_: Request) -> Response:
    """The words that the map shows."""
    thanks = " · ".join([words.MAP["creditText"], *(told for told, _ in service.credits_due(desk()))])
    return JSONResponse(words.MAP | {"creditText": thanks}, headers=MINUTE)


def credits_due(_: Request) -> Response:
    """Whom else the map has to name: pairs of words and address."""
    return JSONResponse(service.credits_due(desk()), headers={"Cache-Control": "no-store"})


def cells(request: Request) -> Response:
    """What to draw for a filter (f), a zoom (z) and bounds (b: west, north, east, south, scaled Mercator).

    With the number of another filter (g): how the two differ, a part of the map at a time.
    """
    wanted = _filter(request)
    bounds = _bounds(request)
    try:
        zoom = max(0, min(20, int(request.query_params["z"])))
        against = int(request.query_params.get("g", "0"))
    except (KeyError, ValueError):
        bounds = None
    if bounds is None:
        return Response("z must be a zoom, b four whole numbers", status_code=400)
    shared = _desk(request)
    other = shared.filter(against) if against else None
    if wanted is None or (against and other is None):
        return _nothing()
    index, rows = shared.index, shared.rows(wanted)
    view = index.compare(rows, shared.rows(other), zoom, bounds) if other else index.view(rows, zoom, bounds)
    marks = maps.packed(index, view)
    shared.answered(int(request.query_params["f"]))
    return Response(marks, media_type="application/octet-stream", headers=MINUTE)


def histogram(request: Request) -> Response:
    """How many events a day, week or more, by type, with all filters but the days; and how many of each type.

    With bounds (b, as for cells) only what lies within them is counted.
    """
    wanted = _filter(request)
    if wanted is None:
        return _nothing()
    shared = _desk(request)
    bounds = _bounds(request)

    def seen(asked: Filter) -> NDArray[np.int32]:
        found = shared.rows(asked)
        return found if bounds is None else shared.index.in_bounds(found, bounds)

    rows = seen(replace(wanted, first_day=None, last_day=None, undated=False))
    span = None
    with suppress(KeyError, ValueError):
        low, high = int(request.query_params["a"]), int(request.query_params["e"])
        span = (max(FIRST_DAY, low), min(LAST_DAY, high)) if low < high else None
    made = shared.index.histogram(rows, MAX_BINS, span)
    if wanted.first_day and made.start > (asked := day_number(wanted.first_day)) and span is None:
        made = shared.index.histogram(rows, MAX_BINS, (asked, made.start + made.width * len(made.counts)))
    types = shared.facets(wanted)["types"] if bounds is None else shared.index.types(seen(replace(wanted, types=())))
    outside = len(rows) - made.undated - int(made.counts.sum())
    return JSONResponse(_histogram_told(made, types, wanted, outside), headers=MINUTE)


def _histogram_told(made: Histogram, types: dict[str, int], wanted: Filter, outside: int) -> dict[str, Any]:
    return {
        "start": made.start,
        "width": made.width,
        "counts": made.counts.tolist(),
        "undated": made.undated,
        "days": made.days,
        "outside": outside,
        "types": [types.get(t, 0) for t in EVENT_TYPES],
        "chosen": [EVENT_TYPES.index(t) for t in wanted.types],
    }


def event(request: Request) -> Response:
    """One event, by its key (16 hexadecimal digits) or its event_id."""
    key = request.path_params["key"]
    shared = _desk(request)
    index = shared.index
    row = index.row_of_id(key)
    if row is None and len(key) == KEY_DIGITS:
        with suppress(ValueError):
            row = index.row_of(int(key, 16))
    if row is None:
        return _nothing()
    try:
        told = event_told(shared.store.event(index.event_id(row)))
    except NotFound:
        return _nothing()
    return JSONResponse(told, headers=MINUTE)


def report(request: Request) -> Response:
    """One report with its mentions and claims."""
    try:
        told = report_told(_desk(request).store.report(request.path_params["report_id"]))
    except NotFound:
        return _nothing()
    return JSONResponse(told, headers=MINUTE)


def area(request: Request) -> Response:
    """The outline of an area as a GeoJSON geometry; null where the gazetteer knows none."""
    headers = {"Content-Encoding": "gzip", **WEEK}
    return Response(_area(request.path_params["place_id"]), media_type="application/geo+json", headers=headers)


@lru_cache(maxsize=256)
def _area(place_id: str) -> bytes:
    from shapely import to_geojson

    try:
        shape = desk().gazetteer.polygon(place_id)
    except (GazetteerError, ValueError):
        shape = None
    return gzip.compress(b"null" if shape is None else to_geojson(shape).encode(), 6)


def _desk(request: Request) -> Desk:
    """The desk that keeps the filter of the number f, and with it the project; the usual one without."""
    with suppress(KeyError, ValueError):
        if found := keeping(int(request.query_params["f"])):
            return found
    return desk()


def _bounds(request: Request) -> tuple[int, int, int, int] | None:
    """The view's bounds b: west, north, east, south, scaled Mercator; None where there are none, or no such."""
    with suppress(KeyError, ValueError):
        west, north, east, south = (max(0, min(2**32 - 1, int(v))) for v in request.query_params["b"].split(","))
        return west, north, east, south
    return None


def _filter(request: Request) -> Filter | None:
    """The filter under the number f, with other days (d0, d1; both empty: all days) while a brush is dragged."""
    try:
        wanted = _desk(request).filter(int(request.query_params["f"]))
    except (KeyError, ValueError):
        return None
    given = request.query_params
    if wanted is None or "d0" not in given or "d1" not in given:
        return wanted
    try:
        first, last = (_day(given[name]) for name in ("d0", "d1"))
        return replace(wanted, first_day=first, last_day=last, undated=wanted.undated and first is None)
    except ValueError:
        return wanted


def _day(text: str) -> Any:
    return day_of(max(FIRST_DAY, min(LAST_DAY, int(text)))) if text else None


def _nothing() -> Response:
    return Response(json.dumps({"error": "not found"}), status_code=404, media_type="application/json")
