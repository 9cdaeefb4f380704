"""What is written can be read again, and says nothing that is not known."""

import csv
import json
import sqlite3
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
from making import CAMBODIA, KHERSON, claim, days, report

from geo.errors import DatelineError, TableError
from geo.events import NAMES, checked, table
from geo.export import WRITERS, geojson, read, with_codes, write
from geo.export.codes import CODES, where
from geo.export.page import MOST_EVENTS
from geo.merge import within
from geo.records import Extraction


@pytest.fixture
def events():
    of = report("=r1", "Shells hit Kherson.", source="rferl.org")
    other = report("r2", "Leaders met in Cambodia.", published=None)
    made = [
        *within(Extraction(report=of, mentions=(), timexes=(), claims=(claim(of),), skips=())),
        *within(
            Extraction(
                report=other, mentions=(), timexes=(), skips=(),
                claims=(claim(other, CAMBODIA, type="diplomacy", days=days(None)),),
            )
        ),
    ]  # fmt: skip
    return checked(table(made))


def test_geojson_has_lon_lat_days_and_null_where_nothing_is_known(events, tmp_path):
    write(events, tmp_path / "out.geojson")
    told = json.loads((tmp_path / "out.geojson").read_text())
    first, second = told["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [32.6178, 46.6558]}
    assert first["properties"]["first_day"] == first["properties"]["last_day"] == "2022-11-12"
    assert first["properties"]["radius_km"] == 9.0
    assert second["geometry"] is None
    assert second["properties"]["first_day"] is None
    assert second["properties"]["published"] is None
    assert "GeoNames" in told["attribution"]
    assert "crs" not in told


def test_csv_holds_no_cell_that_a_spreadsheet_runs(events, tmp_path):
    write(events, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["report_id"] == "'=r1"
    assert (first["lon"], first["lat"]) == ("32.6178", "46.6558")
    assert second["lon"] == second["first_day"] == ""


def test_parquet_comes_back_as_the_same_table(events, tmp_path):
    write(events, tmp_path / "out.parquet")
    back = gpd.read_parquet(tmp_path / "out.parquet")
    assert back.crs == events.crs
    assert back["event_id"].tolist() == events["event_id"].tolist()
    assert back["first_day"].tolist()[0] == events["first_day"].tolist()[0]


def test_an_unknown_format_and_a_missing_folder_are_said(events, tmp_path):
    with pytest.raises(DatelineError, match="geojson"):
        write(events, tmp_path / "out.shp")
    with pytest.raises(DatelineError, match="another folder"):
        write(events, tmp_path / "none" / "out.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_geopackage_opens_with_its_events_and_no_point_where_there_is_none(events, tmp_path):
    write(events, tmp_path / "out.gpkg")
    back = gpd.read_file(tmp_path / "out.gpkg", layer="events")
    assert back["event_id"].tolist() == events["event_id"].tolist()
    assert back.geometry.is_valid.tolist()[0]
    assert back.geometry.isna().tolist() == [False, True]
    assert back.crs.to_epsg() == 4326


def test_kml_holds_days_and_sentences_as_text(tmp_path):
    of = report("r1", 'Kherson <img src=x onerror="alert(1)"> \x0b & more.')
    made = within(Extraction(report=of, mentions=(), timexes=(), claims=(claim(of),), skips=()))
    write(table(made), tmp_path / "out.kml")
    mark = ET.parse(tmp_path / "out.kml").getroot()[0][2]
    told = {child.tag.rpartition("}")[2]: child for child in mark}
    assert told["description"].text.startswith("Kherson &lt;img")
    assert [day.text for day in told["TimeSpan"]] == ["2022-11-12", "2022-11-12"]
    assert told["Point"][0].text == "32.617800,46.655800"


def _codes(**more):
    of = report("r1", "Kherson was retaken.")
    told = claim(of, **{"type": "control", "subtype": "retaken", **more})
    made = within(Extraction(report=of, mentions=(), timexes=(), claims=(told,), skips=()))
    return with_codes(table(made)).iloc[0][list(CODES)].to_dict()


def test_each_event_leaves_with_the_codes_of_acled_ucdp_and_plover():
    assert _codes() == {
        "acled_event_type": "Battles",
        "acled_sub_event_type": "Government regains territory",
        "acled_geo_precision": 1,
        "acled_time_precision": 1,
        "ucdp_where_prec": 1,
        "ucdp_date_prec": 1,
        "plover_event_type": "SEIZE",
        "plover_resolution": 4,
    }


@pytest.mark.parametrize(
    ("last", "acled", "ucdp"),
    [
        ("2022-11-01", 1, 1), ("2022-11-02", 2, 2), ("2022-11-06", 2, 2), ("2022-11-07", 2, 3), ("2022-11-08", 3, 4),
        ("2022-12-01", 3, 4), ("2022-12-02", 3, 5), ("2023-10-31", 3, 5),
    ],
)  # fmt: skip
def test_the_number_of_days_gives_the_time_codes(last, acled, ucdp):
    told = _codes(days=days("2022-11-01", last))
    assert (told["acled_time_precision"], told["ucdp_date_prec"]) == (acled, ucdp)


def test_an_event_without_days_has_no_time_code():
    told = _codes(days=days(None))
    assert pd.isna(told["acled_time_precision"])
    assert pd.isna(told["ucdp_date_prec"])


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        (("point", 9.0, "geonames:1", "UA", "Kherson"), (1, 1, 4)),
        (("point", 0.3, "dateline:bridge", "UA", "Antonivka Bridge"), (1, 1, 5)),
        (("point", 10.0, "geonames:1#near", "UA", "near Kherson"), (2, 2, 4)),
        (("point", 24.7, "geonames:withheld", "UA", "Kherson Oblast"), (2, 2, 4)),
        (("point", 40.0, "geonames:1#near", "RU", "near Moscow"), (2, 3, 3)),
        (("admin2", 30.0, "geonames:2", "UA", "Bakhmut Raion"), (2, 3, 3)),
        (("admin1", 110.0, "geonames:3", "UA", "Kherson Oblast"), (3, 4, 2)),
        (("region", 150.0, "dateline:donbas", "UA", "Donbas"), (3, 5, None)),
        (("region", 400.0, "dateline:black-sea", None, "Black Sea"), (3, 7, None)),
        (("region", 900.0, "dateline:sahel", None, "Sahel"), (3, 5, None)),
        (("country", 400.0, "geonames:4", "KH", "Cambodia"), (None, 6, 1)),
    ],
)
def test_level_and_radius_give_the_place_codes(place, codes):
    assert where(*place) == codes


def test_geojson_has_every_column_of_the_table_and_the_codes(events):
    for feature in geojson(events)["features"]:
        assert set(feature["properties"]) == ({*NAMES, *CODES} - {"geometry"})
    country = geojson(events)["features"][1]["properties"]
    assert country["acled_geo_precision"] is None
    assert country["ucdp_where_prec"] == 6


def test_a_geoparquet_file_is_read_as_the_very_table_that_was_written(events, tmp_path):
    write(events, tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(pd.DataFrame(read(tmp_path / "out.parquet")), pd.DataFrame(events))
    write(events[:0], tmp_path / "none.parquet")
    assert len(read(tmp_path / "none.parquet")) == 0


def test_a_file_that_is_no_events_table_is_refused_in_plain_words(events, tmp_path):
    (tmp_path / "bad.parquet").write_text("not a table")
    with pytest.raises(TableError, match="no GeoParquet file"):
        read(tmp_path / "bad.parquet")
    events.drop(columns="edtf").to_parquet(tmp_path / "short.parquet")
    with pytest.raises(TableError, match="edtf"):
        read(tmp_path / "short.parquet")


def test_csv_and_geopackage_say_the_same_as_geojson(events, tmp_path):
    told = [feature["properties"] for feature in geojson(events)["features"]]
    write(events, tmp_path / "out.csv")
    write(events, tmp_path / "out.gpkg")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    packed = gpd.read_file(tmp_path / "out.gpkg")
    for row, cell, (_, pack) in zip(told, cells, packed.iterrows(), strict=True):
        for name, value in row.items():
            flat = "; ".join(value) if isinstance(value, list) else value
            assert cell[name].removeprefix("'") == ("" if flat is None else str(flat)), name
            if flat is None:
                assert pd.isna(pack[name]), name
            elif not name.endswith("_day") and name != "published":
                assert pack[name] == flat, name


def test_every_format_names_whom_to_thank_and_the_licence(events, tmp_path):
    for suffix in WRITERS:
        write(events, tmp_path / f"out{suffix}")
    told = {suffix: (tmp_path / f"out{suffix}").read_bytes().decode("utf-8", "replace") for suffix in WRITERS}
    told[".parquet"] = str(pq.read_schema(tmp_path / "out.parquet").metadata)
    with sqlite3.connect(tmp_path / "out.gpkg") as db:
        told[".gpkg"] = str(db.execute("SELECT description FROM gpkg_contents").fetchall())
    for suffix, words in told.items():
        assert "https://www.geonames.org/" in words, suffix
        assert "https://creativecommons.org/licenses/by/4.0/" in words, suffix


def test_an_online_geocoder_that_found_a_place_is_thanked_too():
    of = report()
    found = replace(KHERSON, place_id="nominatim:relation/1")
    made = within(Extraction(report=of, mentions=(), timexes=(), claims=(claim(of, found),), skips=()))
    assert "OpenStreetMap" in geojson(table(made))["attribution"]


def test_too_many_events_for_one_page_are_refused_and_nothing_is_left_behind(events, tmp_path):
    many = pd.concat([events.iloc[[0]]] * (MOST_EVENTS + 1), ignore_index=True)
    with pytest.raises(DatelineError, match="narrow them"):
        write(many, tmp_path / "out.html")
    assert list(tmp_path.iterdir()) == []


def test_half_a_surrogate_pair_does_not_stop_an_export(events, tmp_path):
    events["outlets"] = [["broken \ud83d"], []]
    for suffix in (".geojson", ".csv", ".kml", ".html"):
        write(events, tmp_path / f"out{suffix}", reports={"=r1": report("=r1", title="half \ude00")})
    told = json.loads((tmp_path / "out.geojson").read_text())
    assert told["features"][0]["properties"]["outlets"] == ["broken \ud83d"]
