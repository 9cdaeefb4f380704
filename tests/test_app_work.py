"""Reports are read in a process of its own, which says how far it is, can be stopped, and keeps what is done."""

import json
import sys
import time
from dataclasses import asdict
from datetime import date

import pytest
from making import report

from geo import settings, standard
from geo.app import progress, words, work
from geo.app.work import Again, Job, Progress, Upload
from geo.outlets import Outlet


@pytest.fixture
def home(tmp_path):
    return settings.load(home=tmp_path, model="none")


def rows(*reports):
    told = [{"title": r.title, "text": r.text, "published": "2022-11-12", "source": "An outlet"} for r in reports]
    return Upload("some.jsonl", "\n".join(map(json.dumps, told)).encode())


@pytest.mark.slow
def test_a_job_adds_reports_and_tells_what_was_refused(home):
    job = Job(home, [rows(report(text="Shells hit Kherson on Friday.")), Upload("no.csv", b"a,b\n1,2\n")])
    told = job.wait(120)
    assert told.stage == "done", told
    assert (told.result["read"], told.result["new"], told.result["skipped"]) == (1, 1, 0)
    [refused] = told.result["refused"]
    assert "no.csv" in refused
    with standard.store(home) as store:
        assert [r.text for r in store.reports()] == ["Shells hit Kherson on Friday."]


@pytest.mark.slow
def test_the_earlier_reports_of_an_outlet_are_read_again_by_what_is_said_of_it_now(home):
    late = {"text": "Shells hit Kherson on Saturday.", "published": "2022-11-11T22:40:00Z", "source": "An outlet"}
    Job(home, [Upload("late.jsonl", json.dumps(late).encode())]).wait(120)
    with standard.store(home) as store:
        assert store.load()["first_day"].dt.date.tolist() == [date(2022, 11, 5)]
        store.say_of_outlet(Outlet(name="An outlet", zone="Europe/Kyiv"), who="ana")
    told = Job(home, again=Again("An outlet", "ana")).wait(120)
    assert (told.stage, told.result) == ("done", {"read": 1, "changed": 1})
    with standard.store(home) as store:
        assert store.load()["first_day"].dt.date.tolist() == [date(2022, 11, 12)]
        assert [(e.action, e.who) for e in store.log()] == [("read", "ana"), ("outlet", "ana")]
        assert store.outdated("An outlet") == []


@pytest.mark.slow
def test_a_name_with_folders_in_it_is_shown_and_never_used_as_a_path(home, tmp_path):
    outside = tmp_path / "outside.txt"
    told = Job(home, [Upload(f"../../{outside}", b"Shells hit Kherson.")]).wait(120)
    assert told.stage == "done"
    assert not outside.exists()


@pytest.mark.slow
def test_a_report_without_a_title_is_called_by_its_first_words_while_it_is_read(home, capsys):
    (home.home / "0").write_text("Shells hit Kherson\non Friday. " + "Nobody was hurt. " * 20)
    told = {"settings": {**asdict(home), "home": str(home.home)}, "names": ["a.txt"], "paths": [], "again": None}
    (home.home / "job.json").write_text(json.dumps(told))
    work.main(home.home)
    [name] = [line["report"] for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["report"]]
    assert name.startswith("Shells hit Kherson on Friday. Nobody")
    assert (len(name), name[-1]) == (80, "…")


def test_a_stopped_job_says_so_and_stays_stopped(home, monkeypatch):
    monkeypatch.setattr(work.sys, "executable", slow_reader(home.home))
    job = Job(home, [rows(report())])
    deadline = time.monotonic() + 20
    while job.progress.done == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    job.stop()
    assert job.wait(10).stage == "stopped"
    assert (job.progress.done, job.progress.total, job.progress.over) == (3, 9, True)
    assert job.progress.result == {"read": 3, "new": 2, "skipped": 7, "refused": ["no.csv: why"]}


def test_a_reader_that_dies_is_told_with_its_last_words(home, monkeypatch):
    monkeypatch.setattr(work.sys, "executable", dying_reader(home.home))
    told = Job(home, [rows(report())]).wait(20)
    assert (told.stage, told.error) == ("failed", "the disk is full")


def slow_reader(folder):
    starting = Progress(
        stage="starting", total=9, result={"read": 0, "new": 0, "skipped": 0, "refused": ["no.csv: why"]}
    )
    reading = Progress(stage="extracting", done=3, total=9, report="R", result={"read": 3, "new": 2, "skipped": 7})
    said = "\n".join(["no JSON", json.dumps(asdict(starting)), json.dumps(asdict(reading))])
    return script(folder, f"import sys, time; print({said!r}, flush=True); time.sleep(60)")


def dying_reader(folder):
    return script(folder, "import sys; sys.stderr.write('a traceback\\nthe disk is full\\n'); sys.exit(3)")


def script(folder, source):
    file = folder / "reader"
    file.write_text(f"#!{sys.executable}\n{source}\n")
    file.chmod(0o755)
    return str(file)


def test_the_stage_is_told_in_words_with_a_short_name():
    told = progress.stage_told(Progress(stage="extracting", done=2, total=9, report="R\u202e" + "x" * 200))
    assert told.startswith("Reading report 3 of 9: Rxxx")
    assert told.endswith("…")
    assert len(told) < 120
    assert set(words.ADD_STAGES) >= {"starting", "reading", "extracting", *work.FINAL}
    assert Progress(done=20, total=9).share == 1.0
    assert Progress().share == 0.0
