"""The events table is strict: what does not fit is named."""

import pandas as pd
import pytest
from making import CAMBODIA, claim, days, report

from geo.errors import TableError
from geo.events import COLUMNS, checked, table
from geo.merge import within
from geo.records import Count, Extraction


def events_of(of, *claims):
    return within(Extraction(report=of, mentions=(), timexes=(), claims=claims, skips=()))


def test_an_event_becomes_a_row_with_its_days_place_and_sentence():
    of = report(source="rferl.org")
    killed = (
        Count(kind="killed", low=7, best=7, high=7, words="seven"),
        Count(kind="killed", low=9, best=9, high=None, words="at least nine"),
    )
    [row] = checked(table(events_of(of, claim(of, days=days("2022-11-10", "2022-11-12"), counts=killed)))).to_dict(
        "records"
    )
    assert row["first_day"] == pd.Timestamp("2022-11-10")
    assert row["last_day"] == pd.Timestamp("2022-11-12")
    assert row["quote"] == of.text
    assert (row["killed_low"], row["killed_high"]) == (7, 7)
    assert (row["geometry"].x, row["geometry"].y) == (32.6178, 46.6558)
    assert row["reports"] == ["r1"]
    assert row["outlets"] == ["rferl.org"]


def test_unknown_stays_unknown_and_a_country_is_no_pin():
    of = report(text="Leaders met in Cambodia.", published=None)
    [row] = table(events_of(of, claim(of, CAMBODIA, type="diplomacy", days=days(None)))).to_dict("records")
    assert row["geometry"] is None
    assert pd.isna(row["first_day"])
    assert pd.isna(row["published"])
    assert pd.isna(row["killed_low"])


def test_an_empty_table_is_an_events_table():
    assert len(checked(table([]))) == 0


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("type", "war", "type"),
        ("confidence", 1.5, "confidence"),
        ("first_day", pd.Timestamp("2023-01-01"), "first_day is after"),
        ("level", "street", "level"),
    ],
)
def test_a_wrong_value_is_named(column, value, named):
    of = report()
    rows = table(events_of(of, claim(of)))
    rows[column] = pd.Series([value], dtype=rows[column].dtype)
    with pytest.raises(TableError, match=named):
        checked(rows)


def test_another_crs_or_index_or_a_missing_column_is_refused():
    of = report()
    rows = table(events_of(of, claim(of)))
    with pytest.raises(TableError, match="EPSG:4326"):
        checked(rows.to_crs(3857))
    with pytest.raises(TableError, match="RangeIndex"):
        checked(rows.set_index(pd.Index([5])))
    with pytest.raises(TableError, match="quote"):
        checked(rows.drop(columns="quote"))


def test_every_column_says_its_unit_and_meaning():
    assert all(c.unit and c.meaning for c in COLUMNS)
