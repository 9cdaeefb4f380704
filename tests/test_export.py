"""What is written can be read again, and says nothing that is not known."""

import csv
import json
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest
from making import CAMBODIA, claim, days, report

from geo.errors import DatelineError
from geo.events import checked, table
from geo.export import write
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
