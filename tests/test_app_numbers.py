"""What is missing is told: reports that stand behind no event, days without reports, reasons by their number."""

from datetime import UTC, date, datetime

from making import claim, report

from geo import claims, settings, standard
from geo.app import words
from geo.app.page_numbers import gaps, reasons, spans
from geo.records import Extraction


def extraction(of, *told):
    mentions = tuple(m for c in told for m in c.mentions)
    return Extraction(report=of, mentions=mentions, timexes=(), claims=told, skips=())


def test_only_reports_without_an_event_are_named_the_latest_first(tmp_path):
    told = report("told")
    early = report("early", "Nobody spoke.", published=datetime(2022, 11, 2, tzinfo=UTC))
    undated = report("undated", "No day here.", published=None)
    late = report("late", "Nothing new.", published=datetime(2022, 11, 20, 23, 59, tzinfo=UTC))
    with standard.store(settings.load(home=tmp_path)) as store:
        store.add([extraction(told, claim(told)), extraction(early), extraction(undated), extraction(late)])
        assert [r.report_id for r in store.without_events(limit=10)] == ["late", "early", "undated"]
        assert [r.report_id for r in store.without_events(limit=1)] == ["late"]
        assert store.published_days() == [date(2022, 11, 2), date(2022, 11, 12), date(2022, 11, 20)]


def test_the_longest_span_without_reports_comes_first():
    days = [date(2022, 11, 2), date(2022, 11, 4), date(2022, 11, 12), date(2022, 11, 13)]
    assert gaps(days) == [(date(2022, 11, 5), date(2022, 11, 11)), (date(2022, 11, 3), date(2022, 11, 3))]
    assert spans(gaps(days))[words.DAYS] == [7, 1]
    assert gaps([]) == []


def test_reasons_are_told_in_words_the_most_frequent_first():
    told = reasons({"actor": 2, "said": 5, "of another version": 1})
    assert told[words.COUNT] == [5, 2, 1]
    assert told[words.REASON] == [claims.SKIP_REASONS["said"], claims.SKIP_REASONS["actor"], "of another version"]
