"""What leaves in public holds what may leave, and the true coordinate of a hidden event in no form whatever."""

import re
import sqlite3
import struct

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import CAMBODIA, KHERSON, KHERSON_OBLAST, KYIV, claim, report
from shapely import Point

from geo.distance import km
from geo.events import checked, table
from geo.export import WRITERS, write
from geo.merge import within
from geo.publish import ADDED_KM, ANYWHERE_KM, LEFT_OUT, Publish, _centre, public, public_reports
from geo.records import Extraction


def _event(of, place, **more):
    more.setdefault("type", "strike")
    return within(Extraction(report=of, mentions=(), timexes=(), claims=(claim(of, place, **more),), skips=()))


@pytest.fixture
def reports():
    return {
        r.report_id: r
        for r in (
            report("r1", "Shells hit Kherson at 46.6558, 32.6178.", title="Kherson hit", source="rferl.org",
                   url="https://example.org/a?at=46.65580,32.61780"),
            report("r2", "Police made arrests in Kherson (46°39'20.9\"N 32°37'04\"E), 46,65580.", title="At 46.6558 N"),
            report("r3", "A protest in Kyiv drew 1,250 people.", url="https://example.org/kyiv", title="Kyiv"),
            report("r4", "Strikes across Kherson Oblast."),
            report("r5", "Leaders met in Cambodia."),
        )
    }  # fmt: skip


@pytest.fixture
def events(reports):
    r1, r2, r3, r4, r5 = reports.values()
    made = [
        *_event(r1, KHERSON),
        *_event(r2, KHERSON, type="arrest"),
        *_event(r3, KYIV, type="protest"),
        *_event(r4, KHERSON_OBLAST),
        *_event(r5, CAMBODIA, type="diplomacy"),
    ]
    return checked(table(made))


def _id(events, type_, place="Kherson"):
    return str(events["event_id"][(events["type"] == type_) & (events["place"] == place)].iloc[0])


def _forms(value):
    """Every way in which a file might hold a number: text of all lengths, binary of both sizes and orders."""
    texts = {f"{value:.{n}f}".encode() for n in range(3, 9)} | {repr(value).encode()}
    return texts | {struct.pack(code, value) for code in ("<d", ">d", "<f", ">f")}


def _bytes(path):
    """All that a file holds: its bytes, and for packed columns what they unpack to."""
    told = path.read_bytes()
    if path.suffix == ".parquet":
        columns = pq.read_table(path)
        told += str(columns.to_pydict()).encode() + b"".join(
            buffer.to_pybytes() for c in columns.columns for part in c.chunks for buffer in part.buffers() if buffer
        )
    if path.suffix == ".gpkg":
        with sqlite3.connect(path) as db:
            told += "\n".join(db.iterdump()).encode()
    return told


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(("decimals", "keep_words"), [(1, False), (1, True), (2, True), (3, False), (3, True)])
def test_the_true_coordinate_of_a_hidden_event_is_in_no_file(events, reports, tmp_path, suffix, decimals, keep_words):  # noqa: PLR0917 - three are fixtures
    publish = Publish(
        decimals=decimals, coarsen_ids=frozenset({_id(events, "strike")}), remove_types=("protest",),
        keep_words=keep_words,
    )  # fmt: skip
    path = tmp_path / f"out{suffix}"
    write(events, path, reports=reports, publish=publish)
    told = _bytes(path)
    for place in (KHERSON, KYIV):
        for value in (place.lon, place.lat):
            for form in _forms(value):
                assert form not in told, f"{form!r} of {place.name} in {suffix}"
    write(events, path, reports=reports)
    assert any(form in _bytes(path) for form in _forms(KHERSON.lon)), "the search would not find it either way"


def test_only_what_happened_and_the_allowed_statuses_and_confidence_leave(events):
    events["status"] = ["rejected", "accepted", "unreviewed", "disputed", "corrected"]
    events["confidence"] = [0.9, 0.9, 0.2, 0.9, 0.9]
    assert public(events, Publish())["status"].tolist() == ["accepted", "unreviewed", "corrected"]
    assert public(events, Publish(min_confidence=0.5))["status"].tolist() == ["accepted", "corrected"]
    assert public(events, Publish(statuses=("disputed",)))["status"].tolist() == ["disputed"]
    events["modality"] = ["actual", "planned", "denied", "hypothetical", "actual"]
    assert (
        public(events, Publish(statuses=("rejected", "accepted", "corrected")))["modality"].tolist() == ["actual"] * 2
    )


def test_a_coarsened_event_has_a_wider_radius_that_holds_the_true_point(events):
    for decimals, added in ADDED_KM.items():
        told = public(events, Publish(decimals=decimals, coarsen_types=("strike",), keep_words=True))
        shown = told[told["place"] == "Kherson"].iloc[0]
        assert shown["radius_km"] == pytest.approx(KHERSON.radius_km + added)
        assert km(shown.geometry.x, shown.geometry.y, KHERSON.lon, KHERSON.lat) <= added
        checked(told)


def test_a_removed_event_has_no_point_and_no_pretended_precision(events):
    told = public(events, Publish(remove_ids=frozenset({_id(events, "protest", "Kyiv")})))
    shown = told[told["type"] == "protest"].iloc[0]
    assert shown.geometry is None
    assert (shown["level"], shown["radius_km"]) == ("admin1", ANYWHERE_KM)


def test_what_names_a_hidden_place_goes_unless_it_is_kept(events, reports):
    publish = Publish(coarsen_types=("protest",))
    shown = public(events, publish).query("type == 'protest'").iloc[0]
    assert shown["title"] == "Protest, Kyiv City"
    assert (shown["quote"], shown["name"], shown["report_id"], list(shown["reports"])) == ("", "", "", [])
    assert shown["place_id"] == "geonames:withheld"
    assert shown["event_id"] not in set(events["event_id"])
    assert "r3" not in public_reports(reports, events, publish)
    kept = public(events, Publish(coarsen_types=("protest",), keep_words=True)).query("type == 'protest'").iloc[0]
    assert kept["place"] == "Kyiv"
    assert kept["place_id"] == "geonames:withheld"


def test_others_at_a_hidden_place_do_not_tell_it_but_keep_their_words(events):
    told = public(events, Publish(coarsen_ids=frozenset({_id(events, "strike")})))
    beside = told[told["type"] == "arrest"].iloc[0]
    assert beside.geometry == Point(32.65, 46.65)
    assert beside["name"] == "Kherson"
    assert beside["quote"].count(LEFT_OUT) == 3
    assert told[told["type"] == "protest"].iloc[0]["quote"] == "A protest in Kyiv drew 1,250 people."


def test_an_event_that_stays_out_of_hiding_is_as_it_was(events):
    told = public(events, Publish(coarsen_ids=frozenset({_id(events, "protest", "Kyiv")})))
    same = ~told["type"].eq("protest").to_numpy()
    assert told[same].drop(columns=["reports", "outlets"]).equals(events[same].drop(columns=["reports", "outlets"]))


def test_reports_leave_without_text_and_without_addresses_that_spell_the_place(events, reports):
    told = public_reports(reports, events, Publish(coarsen_types=("strike",), keep_words=True))
    assert all(r.text == "" for r in told.values())
    assert told["r1"].url is None
    assert told["r2"].title == f"At {LEFT_OUT} N"
    assert told["r3"].url == "https://example.org/kyiv"


def test_a_file_without_any_event_is_written_all_the_same(events, tmp_path):
    for suffix in WRITERS:
        write(events, tmp_path / f"none{suffix}", publish=Publish(min_confidence=1.0))
        assert (tmp_path / f"none{suffix}").stat().st_size > 0
    assert len(gpd.read_file(tmp_path / "none.geojson")) == 0


def test_a_setting_that_means_nothing_is_refused():
    for wrong in ({"decimals": 4}, {"min_confidence": 7.0}, {"statuses": ("good",)}, {"remove_types": ("war",)}):
        with pytest.raises(ValueError, match=re.escape(str(next(iter(wrong.values()))).strip("(),'"))):
            Publish(**wrong)


@given(
    st.floats(-180, 180) | st.integers(-1800, 1800).map(lambda n: n / 10),
    st.floats(-90, 90) | st.integers(-900, 900).map(lambda n: n / 10),
    st.sampled_from([1, 2, 3]),
)
def test_a_coarse_point_is_near_the_true_one_but_never_it(lon, lat, decimals):
    import numpy as np

    x, y = (float(_centre(np.array([v]), decimals, limit)[0]) for v, limit in ((lon, 180), (lat, 90)))
    assert abs(x) <= 180
    assert abs(y) <= 90
    assert abs(x - lon) > 1e-7
    assert abs(y - lat) > 1e-7
    assert float(km(x, y, lon, lat)) <= ADDED_KM[decimals] * 1.002  # the diagonal, rounded in the field's own table
