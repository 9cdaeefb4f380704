from __future__ import annotations

import importlib.util
import sqlite3
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from contract_store import A, B, C, ReviewContract, StoreContract, made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from geo import standard
from geo.errors import StoreBusy, StoreError, StoreTooNew
from geo.filters import Filter
from geo.settings import load
from geo.store import Store, engine, migrate, projects
from geo.store.schema import META

TRIALS = 20  # kills of an import at a random moment; benchmarks/crash.py takes a hundred of 2,000 reports


@pytest.fixture
def opened(tmp_path):
    """Opens stores by name under one folder, and closes them all."""
    stores = []

    def open_(name):
        stores.append(Store.open(tmp_path / f"{name}.sqlite"))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    return opened("one")


@pytest.fixture
def again(opened):
    return lambda: opened("one")


@pytest.fixture
def fresh(opened):
    return lambda: opened("two")


class TestSqlite(StoreContract):
    pass


class TestSqliteReview(ReviewContract):
    pass


def test_a_store_keeps_its_reports_when_opened_again(tmp_path):
    with Store.open(tmp_path) as store:
        store.add([A])
    with Store.open(tmp_path) as store:
        assert store.report("a") == A
    assert (tmp_path / "projects" / "default.sqlite").is_file()


def test_a_project_is_a_file_of_its_own(tmp_path):
    with Store.open(tmp_path, project="flood") as store:
        store.add([C])
    with Store.open(tmp_path, project="war") as store:
        assert store.counts().reports == 0
    assert projects(tmp_path) == ["flood", "war"]


def test_the_projects_of_a_home_can_be_listed_and_a_store_that_is_one_file_is_one(tmp_path):
    for name in ("north", "default"):
        standard.store(load(tmp_path, project=name)).close()
    assert standard.projects(load(tmp_path, project="new")) == ["default", "new", "north"]
    assert standard.projects(load(tmp_path, store=str(tmp_path / "one.sqlite"))) == ["default"]


def test_a_store_of_a_newer_dateline_is_refused_and_left_alone(tmp_path):
    file = tmp_path / "store.sqlite"
    Store.open(file).close()
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew, match="newer Dateline"):
        Store.open(file)


def test_a_file_that_is_no_store_is_refused_in_words(tmp_path):
    file = tmp_path / "notes.sqlite"
    file.write_text("this is a text, and not a database at all")
    with pytest.raises(StoreError, match="no store"):
        Store.open(file)
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as raw, raw:
        raw.execute("CREATE TABLE accounts (id INTEGER)")
    with pytest.raises(StoreError, match="holds other tables"):
        Store.open(tmp_path / "other.sqlite")
    with pytest.raises(StoreError, match="cannot live in mysql"):
        Store.open("mysql://localhost/x")


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index ix_events_cell")
def test_the_steps_lead_to_the_tables_that_the_code_speaks_of(tmp_path):
    with Store.open(tmp_path) as store, store.home.engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": _ours, "compare_type": False})
        assert compare_metadata(context, META) == []
    script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert script.get_current_head() == migrate.HEAD
    assert {s.revision for s in script.walk_revisions()} == set(migrate.REVISIONS)


def _ours(_object, name, kind, _reflected, _compared):
    return kind != "table" or not name.startswith(("report_words", "event_words", "alembic_version"))


def test_a_step_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def half(conn):
        conn.execute(text("CREATE TABLE half_done (id INTEGER)"))
        raise RuntimeError("the power failed")

    monkeypatch.setattr(migrate, "_run", half)
    with pytest.raises(RuntimeError):
        Store.open(tmp_path / "store.sqlite")
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_a_store_that_another_process_holds_says_so_and_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.05)
    with Store.open(tmp_path / "store.sqlite") as store:
        store.add([A])
        with closing(sqlite3.connect(tmp_path / "store.sqlite")) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="please try again"):
                store.add([B])
            assert store.counts().reports == 1
            other.rollback()
        assert store.add([B]) == 1


def test_a_full_disk_says_so_and_keeps_what_was_saved(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        store.add([A])
        with store.home.engine.connect() as conn:
            pages = conn.exec_driver_sql("PRAGMA page_count").scalar()

    def limited(raw, _record):
        raw.execute(f"PRAGMA max_page_count = {pages}")

    with Store.open(tmp_path / "store.sqlite") as store:
        store.home.engine.dispose()
        event.listen(store.home.engine, "connect", limited)
        with pytest.raises(StoreError, match=r"disk of .* is full"):
            store.add([made(f"x{n}", "Kherson is far from Suva. " * 200) for n in range(20)])
        assert store.report("a") == A
        assert store.check() == []


def test_an_event_that_was_merged_since_is_found_under_its_old_id(tmp_path):
    with Store.open(tmp_path) as store:
        store.add([B])
        (old,) = store.load().event_id
        store.add([A])
        assert {c.report_id for c in store.event(old).claims} == {"a", "b"}


_NAMES = st.sampled_from(["Kherson", "Kyiv", "Suva", "Fiji"])
_SENTENCES = st.lists(
    st.tuples(
        _NAMES,
        st.text(st.characters(codec="utf-8", exclude_characters="\x00.", exclude_categories=["Cs"]), max_size=12),
    ),
    min_size=1,
    max_size=3,
)
_FILTERS = st.builds(
    Filter,
    mode=st.sampled_from(["surely", "possibly"]),
    undated=st.booleans(),
    box=st.none()
    | st.sampled_from([(32, 46, 33, 47), (178, -19, -178, -17), (-180, -90, 180, 90), (32.6178, 46.6, 33, 47)]),
    around=st.none() | st.sampled_from([(32.6, 46.6, 5.0), (30.0, 50.0, 100.0), (-179.9, -18.0, 400.0)]),
    polygon=st.sampled_from([(), ((30, 50), (31, 50), (31, 51)), ((0, -90), (180, -90), (180, 90), (0, 90))]),
    countries=st.sampled_from([(), ("UA",), ("FJ", "UA")]),
    types=st.sampled_from([(), ("control",)]),
    levels=st.sampled_from([(), ("country",), ("point",)]),
    outlets=st.sampled_from([(), ("AP",), ('a "b", c',)]),
    min_confidence=st.sampled_from([0.0, 0.5, 0.8]),
    modalities=st.sampled_from([(), ("actual",)]),
    first_day=st.none() | st.just(date(2022, 11, 10)),
    last_day=st.none() | st.sampled_from([date(2022, 11, 10), date(2022, 12, 1)]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    told=st.lists(
        st.tuples(
            _SENTENCES,
            st.none() | st.dates(date(2022, 11, 8), date(2022, 11, 12)),
            st.sampled_from([None, "AP", 'a "b", c']),
        ),
        min_size=1,
        max_size=4,
    ),
    filters=st.lists(_FILTERS, min_size=1, max_size=6),
)
def test_any_report_comes_back_and_any_filter_means_the_same_in_the_store_as_in_a_table(told, filters):
    extractions = [
        made(f"r{n}", ". ".join(f"{words}{name}" for name, words in sentences), day=day, source=source)
        for n, (sentences, day, source) in enumerate(told)
    ]
    with TemporaryDirectory() as folder, Store.open(Path(folder), check=False) as store:
        store.add(extractions)
        for extraction in extractions:
            assert store.report(extraction.report.report_id) == extraction
        everything = store.load()
        for wanted in filters:
            assert store.load(wanted).equals(wanted(everything)), wanted
            assert store.ids(wanted) == list(wanted(everything).event_id), wanted


@pytest.mark.slow
def test_an_import_killed_at_any_moment_is_completed_by_the_next():
    spec = importlib.util.spec_from_file_location("crash", Path(__file__).parents[1] / "benchmarks" / "crash.py")
    crash = importlib.util.module_from_spec(spec)
    sys.modules["crash"] = crash
    spec.loader.exec_module(crash)
    outcome = crash.run(TRIALS, "sqlite", 150, simple=True)
    assert (outcome.trials, outcome.lost, outcome.partial, outcome.unequal, outcome.unopened) == (TRIALS, 0, 0, 0, 0)
