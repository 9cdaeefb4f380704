"""Two periods are compared: the other days, and what the map and the numbers say of the difference."""

from datetime import date

import pytest

from geo.app.compare import before, other, year_before
from geo.app.state import Looking
from geo.filters import Filter

NOVEMBER = (date(2022, 11, 1), date(2022, 11, 30))


def test_the_days_before_are_as_many_and_end_where_these_begin():
    first, last = before(NOVEMBER)
    assert last == date(2022, 10, 31)
    assert (last - first) == (NOVEMBER[1] - NOVEMBER[0])
    assert before((date(2022, 11, 1),) * 2) == (date(2022, 10, 31),) * 2


def test_a_leap_day_has_no_day_a_year_before_and_becomes_the_last_of_february():
    assert year_before((date(2024, 2, 29), date(2024, 2, 29))) == (date(2023, 2, 28),) * 2
    with pytest.raises(ValueError, match="year"):
        year_before((date(1, 1, 1), date(1, 1, 2)))


def test_the_other_filter_differs_in_its_days_only():
    wanted = Filter(first_day=NOVEMBER[0], last_day=NOVEMBER[1], types=("strike",), undated=True, mode="surely")
    made = other(Looking(filter=wanted, against=before(NOVEMBER)))
    assert made == Filter(first_day=date(2022, 10, 2), last_day=date(2022, 10, 31), types=("strike",), mode="surely")


def test_without_days_of_its_own_nothing_is_compared():
    assert other(Looking(against=NOVEMBER)) is None
    assert other(Looking(filter=Filter(first_day=NOVEMBER[0]), against=NOVEMBER)) is None
    assert other(Looking(filter=Filter(first_day=NOVEMBER[0], last_day=NOVEMBER[1]))) is None
