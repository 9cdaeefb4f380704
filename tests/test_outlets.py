"""Outlets: the day of a report is its outlet's day, and its home speaks for places near it."""

from datetime import UTC, date, datetime

import pytest
from making import KHERSON, mention, report

from geo.gazetteer.local import LocalGazetteer
from geo.outlets import Outlet, Outlets
from geo.pipeline import Pipeline
from geo.resolve import learned
from geo.store import Store

GAZETTEER = LocalGazetteer.open()
LATE = datetime(2022, 11, 11, 22, 40, tzinfo=UTC)  # past midnight in Kyiv


class Told:
    """A recogniser that finds one name."""

    def find(self, reports):
        return [[mention(r, "Kherson")] for r in reports]


def reading(text, outlet, **more):
    pipeline = Pipeline(recogniser=Told(), geocoder=GAZETTEER, rank=learned, outlets=Outlets([outlet]))
    given = report(text=text, source="desk", published=LATE, **more)
    (made,) = pipeline.extract([given])
    return given, made


def test_a_weekday_counts_from_the_day_on_which_the_report_came_out_by_its_outlets_clock():
    text = "Shells hit Kherson on Saturday and killed two people."
    plain = reading(text, Outlet(name="desk"))[1]
    given, there = reading(text, Outlet(name="desk", zone="Europe/Kyiv"))
    assert plain.claims[0].days.first_day == date(2022, 11, 5)
    assert there.claims[0].days.first_day == date(2022, 11, 12)
    assert there.report == given


def test_a_day_without_an_hour_is_the_same_day_everywhere():
    midnight = report(source="desk", published=datetime(2022, 11, 12, tzinfo=UTC))
    read = Outlets([Outlet(name="desk", zone="America/New_York")]).as_read(midnight)
    assert read.published_day == date(2022, 11, 12)


def test_an_outlets_language_stands_for_a_text_too_short_to_tell_its_own():
    outlet = Outlet(name="desk", language="uk")
    _, made = reading("Kherson.", outlet, language=None)
    assert made.report.language == "uk"
    assert made.skips[0].reason == "not_english"
    assert reading("Shells hit Kherson.", outlet)[1].report.language == "en"


def test_another_outlet_is_read_as_before():
    told = report(source="elsewhere", published=LATE)
    assert Outlets([Outlet(name="desk", zone="Europe/Kyiv", language="uk")]).as_read(told) == told


@pytest.mark.parametrize("wrong", [{"zone": "Kyiv/Europe"}, {"zone": "../etc/passwd"}, {"language": "english"}])
def test_what_is_no_zone_or_language_is_refused(wrong):
    with pytest.raises(ValueError, match=r"no such time zone|ISO 639-1"):
        Outlet(name="desk", **wrong)


def test_what_is_said_of_an_outlet_is_kept_stands_in_the_log_and_can_be_taken_back(tmp_path):
    said = Outlet(name="desk", home=KHERSON, language="uk", zone="Europe/Kyiv")
    with Store.open(tmp_path / "s.sqlite") as store:
        entry = store.say_of_outlet(said, who="ana")
        assert store.outlets() == [(said, 0)]
        assert (entry.action, entry.who) == ("outlet", "ana")
        store.say_of_outlet(Outlet(name="desk", zone="UTC"), who="ana")
        store.undo(who="ben")
        assert store.outlets() == [(said, 0)]
        store.undo(entry.seq, who="ben")
        assert store.outlets() == []
        assert store.log_verify() == ""
