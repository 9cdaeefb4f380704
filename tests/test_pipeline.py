"""From reports to events: nothing vanishes, and neither order nor batch size matters."""

from datetime import date
from pathlib import Path

import pytest
from making import report

from geo import batch, pipeline, settings, standard
from geo.claims import SKIP_REASONS

TEXT = (
    "Shells hit the city of Kherson on Thursday, killing two people, the governor said. "
    "Moscow said it knew nothing of it. "
    "Residents also welcomed Ukrainian soldiers into Snihurivka in the Mykolayiv region on November 10."
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    return standard.Parts(settings.load(tmp_path_factory.mktemp("home"), model="none"))


@pytest.fixture(scope="module")
def reports():
    return [
        report("a", TEXT, title="Kherson shelled"),
        report("b", "A fire broke out in Lviv on Friday. Nobody was hurt."),
        report("c", "Внаслідок обстрілу Херсона загинули двоє людей.", language="uk"),
        report("d", "An earthquake shook Izmir in Turkey on 10 November 2022.", published=None),
    ]


def test_every_mention_ends_in_a_claim_or_in_a_skip_with_a_known_reason(parts, reports):
    for extraction in parts().extract(reports):
        claimed = [m for c in extraction.claims for m in c.mentions]
        skipped = [s.mention for s in extraction.skips]
        assert not {*_spans(claimed)} & {*_spans(skipped)}
        assert {*_spans(claimed), *_spans(skipped)} == {*_spans(extraction.mentions)}
        assert {s.reason for s in extraction.skips} <= SKIP_REASONS.keys()


def test_a_report_becomes_dated_events_and_what_moscow_said_is_no_pin(parts, reports):
    events = [e for x in parts().extract(reports[:1]) for e in pipeline.events(x)]
    told = {(e.place.name, e.type, e.days.first_day) for e in events}
    assert ("Kherson", "strike", date(2022, 11, 10)) in told
    assert ("Snihurivka", "control", date(2022, 11, 10)) in told
    assert all(e.place.name != "Moscow" for e in events)


def test_a_report_that_is_not_english_is_kept_and_its_names_set_aside(parts, reports):
    [extraction] = parts().extract([reports[2]])
    assert extraction.claims == ()
    assert all(s.reason == "not_english" and s.mention.place is None for s in extraction.skips)


def test_an_undated_report_has_only_the_days_it_states(parts, reports):
    [event] = [e for x in parts().extract([reports[3]]) for e in pipeline.events(x) if e.place.level == "point"]
    assert event.days.first_day == date(2022, 11, 10)
    assert event.published is None


def test_order_and_batch_size_never_matter(parts, reports):
    built = parts()
    together = list(built.extract(reports))
    assert list(built.extract(reports, batch=1)) == together
    assert list(built.extract(reports[::-1]))[::-1] == together


@pytest.mark.slow
def test_a_loop_and_processes_give_equal_results(parts, reports):
    many = reports * 40
    assert list(batch.over_processes(many, parts, processes=2)) == list(batch.in_a_loop(many, parts))


@pytest.mark.slow
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_loop_and_dask_give_equal_results(parts, reports):
    from distributed import Client, LocalCluster

    many = reports * 40
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        assert list(batch.on_dask(many, parts, client=client)) == list(batch.in_a_loop(many, parts))


def test_what_a_worker_is_given_is_equal_to_itself_after_travelling(parts):
    import pickle

    assert pickle.loads(pickle.dumps(parts)) == parts
    assert hash(pickle.loads(pickle.dumps(parts))) == hash(parts)


@pytest.mark.real
def test_the_kherson_report_yields_what_a_reader_would_mark(tmp_path):
    path = Path(__file__).resolve().parents[2] / "shared" / "reports" / "rferl_kherson_2022-11-12.txt"
    if not path.exists():
        pytest.skip(f"{path} is not there: the development material lies beside the project")
    from geo.readers import read

    built = standard.pipeline(settings.load(tmp_path))
    events = [e for x in built.extract(read([path])) for e in pipeline.events(x) if e.modality == "actual"]
    told = {(e.type, e.place.name, e.place.level, str(e.days.first_day), str(e.days.last_day)) for e in events}
    assert ("control", "Kherson", "point", "2022-11-11", "2022-11-12") in told
    assert ("control", "Snihurivka", "point", "2022-11-10", "2022-11-10") in told
    assert any(e.place.name == "Cambodia" and e.place.level == "country" and e.type == "diplomacy" for e in events)
    [blahodatne] = [e for e in events if e.place.name.startswith("Blahodatne")]
    assert blahodatne.claims[0].mentions[0].runners_up
    pins = {e.place.name for e in events}
    assert not pins & {"Moscow", "Kyiv", "Washington", "Russia", "Odesa", "Odessa", "Australia"}


def _spans(mentions):
    return [(m.field, m.start, m.end) for m in mentions]
