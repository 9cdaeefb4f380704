"""Our routes answer what the page asks, refuse what they should, and the basemap keeps to GeoNames' borders."""

import asyncio
import gzip
import json
import struct
from datetime import date
from pathlib import Path

import httpx
import numpy as np
import pytest
from crowds import crowd
from shapely import Point
from shapely.geometry import shape
from starlette.applications import Starlette
from starlette.middleware import Middleware

from geo import maps, settings, standard
from geo.app import desk as desk_module
from geo.app import routes as routes_module
from geo.app.desk import Desk
from geo.app.guard import Guard
from geo.app.routes import routes
from geo.filters import Filter
from geo.index import Index, day_number

WORLD = "0,0,4294967295,4294967295"
EVENTS = crowd(400)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    with standard.store(settings.load(home=tmp_path)) as store:
        store.import_table(EVENTS)
    made = Desk(settings.load(home=tmp_path))
    monkeypatch.setattr(routes_module, "desk", lambda: made)
    yield made
    made.store.close()


@pytest.fixture
def client(desk):
    hosts = Middleware(Guard, hosts=lambda: ["testserver", "localhost"])
    return Client(Starlette(routes=routes("base"), middleware=[hosts]))


class Client:
    """Asks an app without a server."""

    def __init__(self, app):
        self.transport = httpx.ASGITransport(app=app)

    def get(self, path, headers=None):
        return asyncio.run(self._get(path, headers))

    async def _get(self, path, headers):
        async with httpx.AsyncClient(transport=self.transport, base_url="http://testserver") as client:
            return await client.get(path, headers=headers)


def test_whoever_waits_for_the_marks_of_a_filter_is_told_when_a_map_has_them(desk, client):
    number = desk.number(Filter(types=("strike",)))
    waits, other = desk.awaited(number), desk.awaited(number + 1)
    client.get(f"/base/api/cells?f={number}&z=2&b={WORLD}")
    assert waits.is_set()
    assert not other.is_set()
    assert not desk.awaited(number).is_set()  # the next change waits for the next answer


def test_cells_hold_what_the_filter_leaves_and_other_days_while_a_brush_moves(desk, client):
    wanted = Filter(types=("strike", "control"))
    number = desk.number(wanted)
    answer = client.get(f"/base/api/cells?f={number}&v=1&z=3&b={WORLD}")
    kept = wanted(EVENTS)
    assert struct.unpack("<8I", answer.content[:32])[3] == int(kept.geometry.notna().sum())
    days = (day_number(date(2021, 1, 1)), day_number(date(2021, 6, 30)))
    answer = client.get(f"/base/api/cells?f={number}&z=3&b={WORLD}&d0={days[0]}&d1={days[1]}")
    part = Filter(types=wanted.types, first_day=date(2021, 1, 1), last_day=date(2021, 6, 30))(EVENTS)
    assert struct.unpack("<8I", answer.content[:32])[3] == int(part.geometry.notna().sum())


def test_the_histogram_leaves_the_days_out_and_counts_the_types(desk, client):
    number = desk.number(Filter(first_day=date(2021, 1, 1), last_day=date(2021, 2, 1)))
    told = client.get(f"/base/api/histogram?f={number}").json()
    assert sum(map(sum, told["counts"])) + told["undated"] + told["outside"] == len(EVENTS)
    asked = Filter(first_day=date(2021, 1, 1), last_day=date(2021, 2, 1))
    assert sum(told["types"]) == int(asked.mask(EVENTS).sum())
    ends = (EVENTS["first_day"].min(), EVENTS["last_day"].max())
    assert told["days"] == [day_number(day.date()) for day in ends]


def test_cells_of_two_filters_tell_how_they_differ(desk, client):
    one, two = Filter(types=("strike",)), Filter(types=("protest", "strike"))
    answer = client.get(f"/base/api/cells?f={desk.number(one)}&g={desk.number(two)}&z=3&b={WORLD}")
    head = struct.unpack("<8I", answer.content[:32])
    assert head[1] == 2
    assert head[3] == sum(int(f(EVENTS).geometry.notna().sum()) for f in (one, two))
    assert client.get(f"/base/api/cells?f={desk.number(one)}&g=99&z=3&b={WORLD}").status_code == 404
    assert client.get(f"/base/api/cells?f={desk.number(one)}&g=x&z=3&b={WORLD}").status_code == 400


def test_the_histogram_counts_only_the_view_if_wished(desk, client):
    from geo.index import project

    box = (20.0, 40.0, 45.0, 60.0)
    (west, east), (south, north) = (v.tolist() for v in project([box[0], box[2]], [box[1], box[3]]))
    told = client.get(f"/base/api/histogram?f={desk.number(Filter())}&b={west},{north},{east},{south}").json()
    inside = Filter(box=box)(EVENTS)
    assert sum(map(sum, told["counts"])) + told["undated"] + told["outside"] == sum(told["types"]) == len(inside)


def test_what_was_written_after_a_version_is_new(desk, tmp_path):
    before = desk.version
    with standard.store(settings.load(home=tmp_path)) as other:
        other.import_table(crowd(30, seed=9))
    desk.refresh()
    assert len(desk.new(Filter(), before)) == 30
    assert len(desk.new(Filter(), desk.version)) == 0
    again = Desk(settings.load(home=tmp_path))
    assert len(again.new(Filter(), before)) == 30
    again.store.close()


@pytest.mark.parametrize(
    "path",
    ["cells?f=1&z=3&b=0,0,1,1", "cells?f=x&z=3&b=0,0,1,1", "histogram?f=-1", "event/nobody", "event/zzzzzzzzzzzzzzzz",
     "report/nobody", "report/../../etc/passwd"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(f"/base/api/{path}").status_code == 404


def test_a_request_without_a_view_is_told_so(desk, client):
    assert client.get(f"/base/api/cells?f={desk.number(Filter())}&z=a&b=1").status_code == 400


def test_an_event_is_told_by_its_key_and_by_its_id(desk, client):
    event_id = EVENTS["event_id"][7]
    key = int(desk.index.keys[desk.index.row_of_id(event_id)])
    by_id, by_key = client.get(f"/base/api/event/{event_id}"), client.get(f"/base/api/event/{key:016x}")
    assert by_id.json() == by_key.json()
    assert by_id.json()["event_id"] == event_id


def test_an_area_is_an_outline_or_nothing(client):
    assert client.get("/base/api/area/geonames:703883").json()["type"] in ("Polygon", "MultiPolygon")
    assert client.get("/base/api/area/made:0").json() is None


def test_assets_and_basemap_come_from_here_and_nothing_above_them(client):
    assert client.get("/base/assets/vendor/leaflet.js").status_code == 200
    assert all(client.get(f"/base/assets/scripts/{name}.js").status_code == 200 for name in maps.SCRIPTS)
    assert "DatelineEvents" in client.get("/base/assets/scripts/map.js").text
    assert client.get("/base/assets/scripts/nobody.js").status_code == 404
    assert client.get("/base/assets/basemap/world-coarse.json").json()["type"] == "Topology"
    for path in ("assets/basemap/../../samples.json", "assets/../words.py", "assets/basemap/..%2f..%2fsamples.json"):
        assert client.get(f"/base/{path}").status_code == 404


def test_other_hosts_and_other_sites_are_refused(client):
    assert client.get("/base/api/words", headers={"host": "evil.example"}).status_code == 403
    assert client.get("/base/api/words", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    answer = client.get("/base/api/words", headers={"host": "localhost:8501"})
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_others_write_to_the_store_comes_to_the_index(desk, tmp_path):
    with standard.store(settings.load(home=tmp_path)) as other:
        other.import_table(crowd(30, seed=9))
    before = desk.version
    assert desk.refresh() > before
    assert len(desk.index) == 430
    assert {desk.index.event_id(r) for r in range(430)} >= set(crowd(30, seed=9)["event_id"])


def test_the_same_filter_has_the_same_number_after_a_restart(desk, tmp_path):
    wanted = Filter(first_day=date(2022, 1, 1), words="shelling")
    again = Desk(settings.load(home=tmp_path))
    assert again.number(wanted) == desk.number(wanted) < 2**48
    assert again.filter(desk.number(wanted)) == wanted
    again.store.close()


def test_a_large_index_is_kept_beside_the_store_and_read_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(desk_module, "SIDECAR_FROM", 100)
    with standard.store(settings.load(home=tmp_path)) as store:
        store.import_table(EVENTS)
    first = Desk(settings.load(home=tmp_path))
    monkeypatch.setattr(Index, "taking", None)  # the second start must not read the store's events
    second = Desk(settings.load(home=tmp_path))
    assert len(second.index) == len(first.index) == 400
    first.store.close()
    second.store.close()


def test_an_index_of_another_version_beside_the_store_is_made_anew(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(desk_module, "SIDECAR_FROM", 100)
    np.savez(desk._sidecar, ids=desk.index.ids, version=np.array([desk.version]))
    again = Desk(settings.load(home=tmp_path))
    assert len(again.index) == 400
    assert len(Index.read(again._sidecar)[0]) == 400
    again.store.close()


def test_the_rows_that_are_remembered_take_a_bounded_room(desk, monkeypatch):
    monkeypatch.setattr(desk_module, "ROWS_KEPT_BYTES", 3 * 400 * 4)
    for least in range(20):
        desk.rows(Filter(min_confidence=least / 100))
    assert desk._cache_bytes() <= 3 * 400 * 4
    assert len(desk._cache) >= 3
    monkeypatch.setattr(desk_module, "ROWS_KEPT_BYTES", 1)
    assert len(desk.rows(Filter())) == 400
    assert len(desk._cache) == 1


def test_the_basemap_has_crimea_and_sevastopol_in_ukraine():
    data = Path(routes_module.BASEMAP)
    for name in ("world-coarse", "world-fine"):
        world = json.loads(gzip.decompress((data / f"{name}.json.gz").read_bytes()))
        shapes = {g["id"]: shape(geometry_of(world, g)).buffer(0) for g in world["objects"]["countries"]["geometries"]
                  if g.get("id") in ("UA", "RU", "XK", "RS", "EH", "MA")}  # fmt: skip
        for lon, lat in ((34.1, 45.0), (33.55, 44.6), (35.3, 45.2)):  # Simferopol, Sevastopol, the east of Crimea
            assert shapes["UA"].distance(Point(lon, lat)) < 0.05
            assert shapes["RU"].distance(Point(lon, lat)) > 0.3
        assert shapes["XK"].contains(Point(21.1, 42.6))
        assert shapes["EH"].contains(Point(-13.2, 25.5))
        assert not shapes["MA"].contains(Point(-13.2, 25.5))


def geometry_of(world, geometry):
    """The GeoJSON geometry of a TopoJSON one."""
    (kx, ky), (dx, dy) = world["transform"]["scale"], world["transform"]["translate"]

    def arc(number):
        x = y = 0
        points = []
        for step_x, step_y in world["arcs"][number if number >= 0 else ~number]:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        return points if number >= 0 else points[::-1]

    def ring(numbers):
        points = []
        for number in numbers:
            points += arc(number)[1 if points else 0 :]
        return points

    if geometry["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": [ring(r) for r in geometry["arcs"]]}
    return {"type": "MultiPolygon", "coordinates": [[ring(r) for r in part] for part in geometry["arcs"]]}


def test_the_number_of_a_filter_says_of_which_project_is_asked(tmp_path, monkeypatch, client):
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    with standard.store(settings.load(project="north")) as store:
        store.import_table(EVENTS.head(1))
    try:
        north = desk_module.desk("north")
        number = north.number(Filter(modalities=(), roles=()))
        answer = client.get(f"/base/api/histogram?f={number}")
        assert sum(answer.json()["types"]) == 1
        here, there = EVENTS["event_id"].iloc[[-1, 0]]
        asked = (f"{here}?f={number}", f"{there}?f={number}", here)
        assert [client.get(f"/base/api/event/{key}").status_code for key in asked] == [404, 200, 200]
    finally:
        desk_module.close()
