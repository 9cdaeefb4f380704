"""Date expressions: what they are, what TIMEX3 says of them, and which calendar days they name."""

import time
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.dates import day_of, find, is_open
from geo.dates.words import lexicon
from geo.records import Report, Timex

FRIDAY = date(2022, 11, 11)
SATURDAY = date(2022, 11, 12)
SUNDAY = date(2022, 11, 13)


def report(text: str, published: date | None = SATURDAY, **more: str) -> Report:
    instant = datetime(published.year, published.month, published.day, tzinfo=UTC) if published else None
    return Report(report_id="r", text=text, published=instant, **more)


def only(text: str, published: date | None = SATURDAY, **options) -> Timex:
    found = find(report(text, published), **options)
    assert len(found) == 1, [t.text for t in found]
    return found[0]


def span(timex: Timex) -> str:
    """First and last day, in short."""
    return "-" if timex.days is None else f"{timex.days.first_day or ''}..{timex.days.last_day or ''}"


DATED = [
    ("Shells fell on 2022-11-10.", "2022-11-10", "2022-11-10", "2022-11-10..2022-11-10"),
    ("Fire in UkraineApril 14, 2022", "April 14, 2022", "2022-04-14", "2022-04-14..2022-04-14"),
    ("Shells fell on Nov. 10.", "Nov. 10", "2022-11-10", "2022-11-10..2022-11-10"),
    ("Shells fell on November 10.", "November 10", "2022-11-10", "2022-11-10..2022-11-10"),
    ("Shells fell on 10 November.", "10 November", "2022-11-10", "2022-11-10..2022-11-10"),
    ("Shells fell on the 10th of November.", "the 10th of November", "2022-11-10", "2022-11-10..2022-11-10"),
    ("Shells fell on November 10, 2021.", "November 10, 2021", "2021-11-10", "2021-11-10..2021-11-10"),
    ("Shells fell on March 01 , 2008 .", "March 01 , 2008", "2008-03-01", "2008-03-01..2008-03-01"),
    ("Shells fell on Thursday, Nov. 10, 2022.", "Thursday, Nov. 10, 2022", "2022-11-10", "2022-11-10..2022-11-10"),
    ("Shells fell on the 10th.", "the 10th", "2022-11-10", "2022-11-10..2022-11-10"),
    ("Shells fell on 10.11.2022.", "10.11.2022", "2022-11-10", "2022-11-10..2022-11-10"),
    ("(27.09.22 12:25) Shells fell.", "27.09.22 12:25", "2022-09-27T12:25", "2022-09-27..2022-09-27"),
    ("Shells fell at 2022-11-10T10:30:00Z.", "2022-11-10T10:30:00Z", "2022-11-10T10:30", "2022-11-10..2022-11-10"),
    ("Troops early on March 28 fired again.", "March 28", "2022-03-28", "2022-03-28..2022-03-28"),
    ("It began on 24 February.", "24 February", "2022-02-24", "2022-02-24..2022-02-24"),
    ("It fell in February.", "February", "2022-02", "2022-02-01..2022-02-28"),
    ("It fell in late October.", "late October", "2022-10", "2022-10-21..2022-10-31"),
    ("It fell in early March.", "early March", "2022-03", "2022-03-01..2022-03-10"),
    ("It fell in mid-October.", "mid-October", "2022-10", "2022-10-11..2022-10-20"),
    ("It fell in November 1995.", "November 1995", "1995-11", "1995-11-01..1995-11-30"),
    ("January nineteen ninety-seven. Atlanta.", "January nineteen ninety-seven", "1997-01", "1997-01-01..1997-01-31"),
    ("It fell in 2014.", "2014", "2014", "2014-01-01..2014-12-31"),
    ("The lowest since '82, they said.", "'82", "1982", "1982-01-01..2022-11-12"),
    ("It was so in the 1990s.", "the 1990s", "199", "1990-01-01..1999-12-31"),
    ("It was so in the 19th century.", "the 19th century", "18", "1800-01-01..1899-12-31"),
    ("It fell in the summer of 2014.", "the summer of 2014", "2014-SU", "2014-06-01..2014-08-31"),
    ("It grew in the third quarter of 2009.", "the third quarter of 2009", "2009-Q3", "2009-07-01..2009-09-30"),
    ("It grew in the first half of 2009.", "the first half of 2009", "2009-H1", "2009-01-01..2009-06-30"),
]
RELATIVE = [
    ("Shells fell yesterday.", "yesterday", "2022-11-11", "2022-11-11..2022-11-11"),
    ("Shells fell this morning.", "this morning", "2022-11-12TMO", "2022-11-12..2022-11-12"),
    ("Shells fell Friday night.", "Friday night", "2022-11-11TNI", "2022-11-11..2022-11-11"),
    ("Shells fell overnight.", "overnight", "2022-11-11TNI", "2022-11-11..2022-11-12"),
    ("Shells fell over the past day.", "the past day", "P1D", "2022-11-11..2022-11-12"),
    ("Shells fell in the last 24 hours.", "the last 24 hours", "PT24H", "2022-11-11..2022-11-12"),
    ("Shells fell last week.", "last week", "2022-W44", "2022-10-31..2022-11-06"),
    ("Shells fell this week.", "this week", "2022-W45", "2022-11-07..2022-11-12"),
    ("Shells fell last month.", "last month", "2022-10", "2022-10-01..2022-10-31"),
    ("Shells fell last year.", "last year", "2021", "2021-01-01..2021-12-31"),
    ("Shells fell two days ago.", "two days ago", "2022-11-10", "2022-11-10..2022-11-10"),
    ("Shells fell three weeks ago.", "three weeks ago", "2022-W42", "2022-10-17..2022-10-23"),
    ("Shells fell last September.", "last September", "2022-09", "2022-09-01..2022-09-30"),
    ("The talks will be held next month.", "next month", "2022-12", "2022-12-01..2022-12-31"),
    ("Shells fell late last year.", "late last year", "2021", "2021-09-01..2021-12-31"),
]


@pytest.mark.parametrize(("text", "words", "value", "days"), DATED + RELATIVE)
def test_an_expression_in_the_style_of_news_names_its_days(text, words, value, days):
    timex = only(text)
    assert (timex.text, timex.value, span(timex)) == (words, value, days)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("It lasted for eight months.", "DURATION", "P8M"),
        ("A 12-hour flight.", "DURATION", "PT12H"),
        ("A fifty-year life.", "DURATION", "P50Y"),
        ("Two and a half years late.", "DURATION", "P2.5Y"),
        ("It took several days.", "DURATION", "PXD"),
        ("It has gone on for years.", "DURATION", "PXY"),
        ("They shell it every day.", "SET", "P1D"),
        ("They make 15 a year.", "SET", "P1Y"),
        ("They meet weekly.", "SET", "P1W"),
        ("Fighting went on in recent weeks.", "DATE", "PAST_REF"),
        ("It is now quiet.", "DATE", "PRESENT_REF"),
        ("It may change in the near future.", "DATE", "FUTURE_REF"),
        ("It grew in fiscal 1989.", "DATE", "FY1989"),
    ],
)
def test_a_duration_a_set_and_a_loose_reference_are_found_but_name_no_day(text, kind, value):
    timex = only(text)
    assert (timex.type, timex.value, timex.days) == (kind, value, None)


@pytest.mark.parametrize(
    "text",
    [
        "He may march on, we say, and the sun sat low for a second.",
        "The firm Monday.com grew.",
        "Theresa May met Jan Egeland and April Glaspie.",
        "The Women's March went by.",
        "He wrote for The Sunday Times and The Daily Telegraph.",
        "It cost $2008 and No. 1984 killed 2000 people.",
        "So far nothing is known.",
        "A 10-year-old boy and a woman of 27 years old.",
        "The fall of Kherson came fast.",
        "A quarter of the town is gone.",
        "The address 12.11.20.22 and version 1.2.22 differ.",
        "They scored 3-1 and paid $ 40 billion.",
    ],
)
def test_words_that_are_no_dates_are_left_alone(text):
    assert find(report(text)) == []


def test_a_weekday_that_is_the_publication_weekday_is_that_day():
    assert span(only("Shells fell on Friday.", FRIDAY)) == "2022-11-11..2022-11-11"


def test_a_weekday_is_the_last_one_unless_the_words_look_ahead():
    assert span(only("Shells fell on Monday.")) == "2022-11-07..2022-11-07"
    assert span(only("The talks will be held on Monday.")) == "2022-11-14..2022-11-14"
    assert span(only("The trial is set to begin on Monday.")) == "2022-11-14..2022-11-14"
    assert span(only("He said on Monday that it will end.")) == "2022-11-07..2022-11-07"
    assert span(only("Next Friday they meet.")) == "2022-11-18..2022-11-18"
    assert span(only("Last Saturday they met.")) == "2022-11-05..2022-11-05"


def test_the_night_of_two_days_is_both_days():
    timex = only("Drones flew on the night of November 9-10.")
    assert (timex.type, span(timex)) == ("TIME", "2022-11-09..2022-11-10")


def test_last_week_in_a_sunday_report_is_the_week_that_ends_that_day():
    assert span(only("Shells fell last week.", SUNDAY)) == "2022-11-07..2022-11-13"


def test_the_weekend_in_a_report_of_monday_is_the_one_that_is_over():
    assert span(only("Shells fell over the weekend.", date(2022, 11, 14))) == "2022-11-12..2022-11-13"


def test_days_earlier_count_from_the_day_last_named():
    found = find(
        report("Kherson fell on November 3. Two days earlier the bridge was blown up. The next day it burned.")
    )
    assert [span(t) for t in found] == [
        "2022-11-03..2022-11-03",
        "2022-11-01..2022-11-01",
        "2022-11-02..2022-11-02",
    ]


def test_the_day_named_in_the_title_is_known_in_the_text():
    found = find(report("A day earlier they left.", title="Strike on November 3"))
    assert [span(t) for t in found] == ["2022-11-03..2022-11-03", "2022-11-02..2022-11-02"]
    assert [t.field for t in found] == ["title", "text"]


def test_a_range_gives_both_its_ends_the_whole_stretch():
    for text in ("From March 7 to March 9 it burned.", "Between March 7 and March 9 it burned."):
        assert [span(t) for t in find(report(text))] == ["2022-03-07..2022-03-09"] * 2
    assert span(only("On March 7-9 it burned.")) == "2022-03-07..2022-03-09"
    assert span(only("On 7 to 9 March it burned.")) == "2022-03-07..2022-03-09"


def test_the_year_at_the_end_of_a_range_holds_for_its_start():
    found = find(report("It lasted from December 12 to January 3, 2009."))
    assert [t.value for t in found] == ["2008-12-12", "2009-01-03"]


def test_since_leaves_the_end_open_and_reaches_to_publication():
    for text in ("Since 24 February they fled.", "Since the latest invasion began on 24 February they fled."):
        days = next(t.days for t in find(report(text)) if t.text == "24 February")
        assert (days.first_day, days.last_day, days.edtf) == (date(2022, 2, 24), SATURDAY, "2022-02-24/..")
        assert is_open(days) == "end"


def test_until_and_by_leave_the_start_open():
    days = only("The bridge stays shut until November 20.").days
    assert (days.first_day, days.last_day, days.edtf) == (None, date(2022, 11, 20), "../2022-11-20")
    assert is_open(days) == "start"
    assert is_open(only("By November 10 they had left.").days) == "start"
    assert is_open(only("They left on November 10.").days) == ""


def test_a_comparison_with_a_year_earlier_opens_nothing():
    assert is_open(only("Sales rose from a year earlier.").days) == ""


def test_edtf_marks_what_is_partial_and_what_is_approximate():
    texts = ["in February", "in late October", "in the 1990s", "last week", "in the summer of 2014", "two weeks ago"]
    assert [only(f"It fell {text}.").days.edtf for text in texts] == [
        "2022-02",
        "2022-10-21~/2022-10-31~",
        "199X",
        "2022-10-31/2022-11-06",
        "2014-22",
        "2022-10-24~/2022-10-30~",
    ]


def test_the_basis_tells_a_stated_day_from_one_that_was_counted():
    assert only("It fell on November 10.").days.basis == "stated"
    assert only("It fell on Thursday.").days.basis == "relative"


def test_the_day_of_a_war_counts_from_the_start_that_is_given():
    assert span(only("Day 57 of the war.", war_began=date(2022, 2, 24))) == "2022-04-21..2022-04-21"
    text = "The thirty-second day of the heroic resistance continues."
    assert span(only(text, war_began=date(2022, 2, 24))) == "2022-03-27..2022-03-27"
    assert find(report("Day 57 of the war.")) == []


def test_the_day_of_a_war_counts_from_the_start_that_the_text_tells_even_later():
    found = find(report("This is day 2 of the war. Russia invaded Ukraine on February 24."))
    assert [t.value for t in found] == ["2022-02-25", "2022-02-24"]


def test_since_the_start_of_the_invasion_has_days_only_where_the_start_is_known():
    text = "Since the beginning of the full-scale invasion 43 attacks were counted."
    assert [t for t in find(report(text)) if t.days] == []
    assert span(only(text, war_began=date(2022, 2, 24))) == "2022-02-24..2022-11-12"


def test_slashes_are_read_as_the_outlet_writes_them():
    assert only("Published 12/11/2021.").value == "2021-12-11"
    assert only("Published 12/11/2021.", day_first=True).value == "2021-11-12"
    assert find(report("Published 12/11/2021.", url="https://www.bbc.co.uk/news/1"))[0].value == "2021-11-12"
    assert only("Published 12/11/2022.").value == "2022-11-12"  # the day of publication itself
    assert only("Published 27/10/2022.").value == "2022-10-27"


def test_an_undated_report_has_days_only_for_what_its_text_fixes():
    found = find(
        report("On 10 November 2022 they came. Two days later they left. On Friday it rained, today too.", None)
    )
    assert [(t.text, span(t)) for t in found if t.days] == [
        ("10 November 2022", "2022-11-10..2022-11-10"),
        ("Two days later", "2022-11-12..2022-11-12"),
    ]


def test_a_date_on_a_line_of_its_own_at_the_head_stands_in_for_a_missing_publication_day():
    text = "Airbus delayed\nSeptember 01 , 2007\nThe flight was delayed today ."
    assert day_of(report(text, None)) == date(2007, 9, 1)
    assert find(report(text, None))[-1].value == "2007-09-01"
    assert day_of(report("It rained on May 1, 2007 in Kyiv.", None)) is None


def test_what_is_hours_off_may_be_of_the_day_before():
    assert span(only("Sullivan spoke hours after Kherson was declared free.")) == "2022-11-11..2022-11-12"
    assert span(only("Shells fell an hour ago.")) == "2022-11-12..2022-11-12"
    assert span(only("Shells fell 24 hours earlier.")) == "2022-11-11..2022-11-12"


def test_what_comes_after_nothing_named_has_no_day():
    for text in ("It happened the day after his birthday.", "Two weeks later they agree.", "The next day dawned."):
        assert [t.days for t in find(report(text))] == [None], text


def test_what_is_told_as_earlier_does_not_count_from_a_day_to_come():
    found = find(report("He will speak on Friday. A day earlier the town fell."))
    assert [span(t) for t in found] == ["2022-11-18..2022-11-18", "2022-11-11..2022-11-11"]


def test_a_service_planned_for_a_day_that_was_called_off_is_past():
    assert span(only("A service planned for Saturday was canceled.", SUNDAY)) == "2022-11-12..2022-11-12"


def test_a_year_beside_a_day_and_month_is_heeded_in_words_too():
    assert only("It fell on February 24 this year.").value == "2022-02-24"
    assert only("It fell on May 3 last year.").value == "2021-05-03"
    assert only("It fell on May 3 of the previous year.").value == "2021-05-03"


def test_imports_banned_from_a_month_are_banned_from_the_coming_one():
    assert only("They decided to ban imports from January.").value == "2023-01"
    assert only("They will return to the rates of October.").value == "2022-10"


def test_feasts_are_the_last_ones_or_soon_to_come():
    for words, value in [("Christmas Eve", "2022-12-24"), ("Easter", "2022-04-17"), ("New Year's Day", "2022-01-01")]:
        assert only(f"They met at {words}.").value == value


def test_that_joins_clauses_and_is_no_part_of_a_date():
    assert only("He said that next week will be hard.").text == "next week"
    assert find(report("It was the day that changed all.")) == []
    assert only("It came after Saturday's win.").text == "Saturday"


def test_a_clock_time_takes_the_day_beside_it():
    assert only("It began at 12:00 UTC Monday.").value == "2022-11-07T12:00Z"
    assert only("It began at 5 p.m. on Friday.").value == "2022-11-11T17:00"
    found = find(report("At 16:15 UTC , June 1st , he spoke."))
    assert [t.value for t in found] == ["2022-06-01T16:15Z", "2022-06-01"]
    assert find(report("It took off Tuesday at 18:00 UTC."))[-1].value == "2022-11-08T18:00Z"


def test_a_year_earlier_is_the_same_month_or_quarter_where_one_was_just_named():
    text = "In the third quarter profit fell from a year earlier. In September it rose from the same month a year ago."
    found = find(report(text, date(1989, 11, 2)))
    assert [t.value for t in found] == ["1989-Q3", "1988-Q3", "1989-09", "1988-09"]


def test_a_date_that_does_not_exist_is_no_date():
    assert [t.days for t in find(report("It fell on February 30.")) if t.text == "February 30"] == []
    assert find(report("On 2022-13-45 and 31.02.2022.")) == []


def test_a_line_that_was_wrapped_does_not_break_a_date():
    assert only("It fell on Friday, Nov.\n11, they said.").value == "2022-11-11"


def test_a_heading_does_not_run_into_the_line_below():
    found = find(report("The lowest since 1997\nFebruary 24 , 2009\nStocks fell."))
    assert [t.value for t in found] == ["1997", "2009-02-24"]


def test_timexes_stand_in_reading_order_and_do_not_overlap():
    found = find(report("From 5 p.m. Friday to 3 a.m. Saturday, Nov. 12, and last week, the 1990s and 2014-2016 too."))
    assert all(a.end <= b.start for a, b in pairwise(found))


WORDS = st.sampled_from([*sorted(lexicon()), *"0 1 7 12 31 99 1000 1999 2022 10000 12.11.2022 9-10 7/8/07 '82".split()])
GLUE = st.sampled_from([" ", " ", " ", "-", ", ", ". ", "\n", "\n\n", " of ", " the ", "(", "’s "])
MADE = st.lists(st.tuples(WORDS, GLUE), max_size=25).map(lambda pairs: "".join(w + g for w, g in pairs))
DAYS = st.none() | st.dates()


@given(st.one_of(MADE, st.text(max_size=200)), DAYS, st.none() | st.booleans(), DAYS)
@settings(max_examples=100, deadline=None)
def test_whatever_the_text_offsets_fit_and_days_do_not_run_backwards(text, published, day_first, war_began):
    one = report(text, published)
    found = find(one, day_first=day_first, war_began=war_began)
    assert found == find(one, day_first=day_first, war_began=war_began)
    for timex in found:
        assert text[timex.start : timex.end] == timex.text
        if timex.days and timex.days.first_day and timex.days.last_day:
            assert timex.days.first_day <= timex.days.last_day
        if timex.days:
            assert timex.days.edtf
            assert timex.days.basis in ("stated", "relative")


HOSTILE = (
    "the last |2022-|1.1.|twenty-|Monday, |on the night of |early late mid |\n|1|a year earlier |the start of the |"
    "(November 12|from March 7 to |New Year's |day 5 of the |Sept. |in the same year a "
).split("|")


def _seconds(text: str) -> float:
    begun = time.process_time()
    find(report(text))
    return time.process_time() - begun


@pytest.mark.parametrize("unit", HOSTILE)
def test_the_time_for_a_hostile_text_grows_with_its_length(unit):
    short, long = (unit * (size // len(unit)) for size in (8_000, 32_000))
    find(report(short))
    assert _seconds(long) < 10 * _seconds(short) + 0.3  # four times as long; a quadratic reading takes sixteen times


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_text_of_100_kb_is_read_in_seconds(unit):
    assert _seconds(unit * (100_000 // len(unit))) < 20  # a laptop under load needs a fifth of it
