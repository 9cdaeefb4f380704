"""The shell does what the README says, and its exit codes tell how it went."""

import json
import sqlite3

import pytest

from geo.__main__ import DONE, REFUSED, USAGE, main


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATELINE_MODEL", "none")


@pytest.fixture
def reports(tmp_path):
    path = tmp_path / "reports.jsonl"
    rows = [
        {
            "id": "r1",
            "title": "Kherson shelled",
            "text": "Shells hit the city of Kherson on Thursday.",
            "date": "2022-11-12",
        },
        {"doc_id": "r2", "text": "A bomb exploded in Nairobi, Kenya, on Friday.", "dct": "1998-08-08"},
    ]
    path.write_text("\n".join(json.dumps(r) for r in rows))
    return path


def test_extract_writes_events_mentions_and_dates_by_the_contract(reports, tmp_path, capsys):
    out, mentions, dates = tmp_path / "o.geojson", tmp_path / "m.jsonl", tmp_path / "d.jsonl"
    code = main(["extract", str(reports), "--to", str(out), "--mentions", str(mentions), "--dates", str(dates)])
    assert code == DONE
    told = {f["properties"]["report_id"]: f for f in json.loads(out.read_text())["features"]}
    assert told["r1"]["properties"]["first_day"] == "2022-11-10"
    assert told["r1"]["geometry"]["type"] == "Point"
    assert told["r2"]["properties"]["type"] == "explosion"
    found = [json.loads(line) for line in mentions.read_text().splitlines()]
    keys = "report_id field start end text role place_id name lat lon level country confidence".split()
    assert all(set(keys) <= set(m) for m in found)
    nairobi = next(m for m in found if m["text"] == "Nairobi")
    assert (nairobi["report_id"], nairobi["country"], nairobi["level"]) == ("r2", "KE", "point")
    expressions = [json.loads(line) for line in dates.read_text().splitlines()]
    assert {(e["report_id"], e["value"]) for e in expressions} >= {("r1", "2022-11-10"), ("r2", "1998-08-07")}


@pytest.mark.slow
def test_two_workers_write_what_one_writes(reports, tmp_path):
    for workers in ("1", "2"):
        out = tmp_path / f"{workers}.geojson"
        assert main(["extract", str(reports), "--workers", workers, "--to", str(out)]) == DONE
    assert (tmp_path / "1.geojson").read_bytes() == (tmp_path / "2.geojson").read_bytes()


def test_extract_without_a_file_prints_the_events(reports, capsys):
    assert main(["extract", str(reports)]) == DONE
    assert "2022-11-10" in capsys.readouterr().out


def test_refused_input_is_named_and_the_rest_is_done(reports, tmp_path, capsys):
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{oops\n")
    assert main(["extract", str(bad), str(reports), "--to", str(tmp_path / "o.csv")]) == REFUSED
    assert "bad.jsonl, line 1" in capsys.readouterr().err
    assert (tmp_path / "o.csv").exists()


def test_a_failed_run_leaves_no_half_written_file(reports, tmp_path, capsys):
    assert main(["extract", str(reports), "--to", str(tmp_path / "o.xyz")]) == REFUSED
    assert "o.xyz" not in [p.name for p in tmp_path.iterdir()]
    assert "geojson" in capsys.readouterr().err


def test_wrong_usage_ends_with_two(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["extract"])
    assert ended.value.code == USAGE
    with pytest.raises(SystemExit) as ended:
        main(["events", "--since", "yesterday"])
    assert ended.value.code == USAGE


def test_reports_added_today_are_there_tomorrow_and_added_twice_change_nothing(reports, capsys):
    assert main(["add", str(reports)]) == DONE
    out = capsys.readouterr().out
    assert "2 new" in out
    assert "the store holds 2 reports, 4 mentions, 3 claims, 2 events by 2 origins" in out
    assert main(["add", str(reports)]) == DONE
    assert "0 new" in capsys.readouterr().out
    assert main(["events", "--since", "2022-11-10", "--until", "2022-11-10"]) == DONE
    told = capsys.readouterr().out
    assert "Kherson" in told
    assert "Nairobi" not in told


def test_history_is_kept_and_told_when_asked_for(tmp_path, capsys):
    told = tmp_path / "history.jsonl"
    words = (
        "An earthquake shook Izmir in Turkey on Thursday. Houses fell. People wept in the streets. "
        "In Agadir in Morocco an earthquake killed 12,000 people in 1960."
    )
    told.write_text(json.dumps({"id": "r1", "text": words, "date": "2022-11-12"}))
    assert main(["add", str(told)]) == DONE
    capsys.readouterr()
    assert main(["events"]) == DONE
    assert "Agadir" not in capsys.readouterr().out
    assert main(["events", "--include", "background"]) == DONE
    assert "Agadir" in capsys.readouterr().out


def test_the_store_is_looked_after_from_the_shell(reports, tmp_path, capsys):
    main(["add", str(reports)])
    assert main(["store", "check"]) == DONE
    assert main(["store", "backup", str(tmp_path / "copy.sqlite")]) == DONE
    assert main(["store", "restore", str(tmp_path / "copy.sqlite")]) == DONE
    assert main(["log", "verify"]) == DONE
    assert main(["store", "vacuum"]) == DONE
    outside = sqlite3.connect(tmp_path / "home" / "projects" / "default.sqlite")
    with outside:
        outside.execute("UPDATE events SET status = 'accepted' WHERE id = 1")
    outside.close()
    capsys.readouterr()
    assert main(["store", "check"]) == REFUSED
    assert "reviewed outside the program" in capsys.readouterr().out
    assert main(["events"]) == DONE
    assert "2 events" in capsys.readouterr().out


def test_outlets_reports_and_the_log_are_worked_on_from_the_shell(reports, tmp_path, capsys):
    assert (
        main(["outlet", "set", "desk", "--home", "Kherson", "--zone", "Europe/Kyiv", "--why", "its own page"]) == DONE
    )
    assert main(["outlet", "list"]) == DONE
    assert "0  desk  Kherson (UA), Europe/Kyiv" in capsys.readouterr().out
    main(["add", str(reports)])
    newer = tmp_path / "newer.txt"
    newer.write_text("Shells hit the city of Kherson on Thursday. A bridge collapsed in Mykolaiv on Friday.")
    assert main(["report", "replace", "r1", str(newer), "--why", "corrected by the outlet"]) == DONE
    kept = capsys.readouterr().out.split()[-1]
    assert kept.startswith("r1~")
    assert main(["report", "erase", kept]) == DONE
    capsys.readouterr()
    assert main(["log", "show"]) == DONE
    shown = capsys.readouterr().out
    assert shown.startswith("4  ")  # the report's older version is erased as well
    assert "why: its own page" in shown
    assert main(["log", "undo", "1"]) == DONE
    assert main(["outlet", "list"]) == DONE
    assert "desk" not in capsys.readouterr().out
    assert main(["log", "verify"]) == DONE
    assert main(["log", "undo", "2"]) == REFUSED
    assert main(["outlet", "set", "desk", "--zone", "Nowhere/At_all"]) == REFUSED


def test_what_is_said_of_an_outlet_counts_for_its_earlier_reports_once_they_are_read_again(tmp_path, capsys):
    late = {"text": "Shells hit Kherson on Saturday.", "published": "2022-11-11T22:40:00Z", "source": "A desk"}
    (tmp_path / "late.jsonl").write_text(json.dumps(late))
    main(["add", str(tmp_path / "late.jsonl")])
    capsys.readouterr()
    assert main(["outlet", "set", "A desk", "--zone", "Europe/Kyiv"]) == DONE
    assert "1 of its reports were read before" in (said := capsys.readouterr().out)
    assert said.endswith("python -m geo outlet again 'A desk'\n")
    assert main(["outlet", "again", "A desk", "--why", "its clock"]) == DONE
    assert capsys.readouterr().out == "1 reports read again; 1 of them say something else now\n"
    assert main(["outlet", "again", "A desk"]) == DONE
    assert capsys.readouterr().out.startswith("0 reports read again")
    assert main(["events", "--since", "2022-11-12"]) == DONE
    assert "Kherson" in capsys.readouterr().out
    assert main(["log", "verify"]) == DONE


def test_events_are_told_as_they_were_believed_at_a_past_moment(reports, capsys):
    main(["add", str(reports)])
    capsys.readouterr()
    assert main(["events", "--as-of", "2001-01-01"]) == DONE
    assert capsys.readouterr().out == "0 events\n"
    assert main(["events", "--as-of", "2999-01-01", "--since", "2022-01-01"]) == DONE
    assert "1 events" in capsys.readouterr().out


def test_places_tells_the_candidates_of_a_name(capsys):
    assert main(["places", "Blahodatne", "--near", "Kherson"]) == DONE
    assert "Blahodatne" in capsys.readouterr().out
    assert main(["places", "Qqqqzzz"]) == REFUSED
