"""Readers give every good report, and one clear message for what they refuse."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geo.readers import READERS, Refusal, paste, read, read_bytes
from geo.records import Report

SHARED = Path(__file__).resolve().parents[2] / "shared"


def only(name, data):
    reading = read_bytes(name, data.encode() if isinstance(data, str) else data)
    assert not reading.refused
    [one] = reading.reports
    return one


def test_a_text_that_begins_with_its_date_is_dated_and_the_date_is_no_part_of_it():
    one = only("a.txt", " date 2022-11-12 The White House on November 12 hailed the withdrawal.\n\nMore followed.")
    assert one.published == datetime(2022, 11, 12, tzinfo=UTC)
    assert one.text.startswith("The White House")
    assert one.title == ""


def test_a_header_and_a_title_line_are_read():
    one = only(
        "a.txt",
        "Date: 2022-10-10\nSource: Agency\nURL: https://example.org/1\n\nMissiles hit Kyiv\n\nAt least ten died.",
    )
    assert (one.title, one.source, one.url) == ("Missiles hit Kyiv", "Agency", "https://example.org/1")
    assert one.text == "At least ten died."


def test_markdown_loses_its_marks_and_keeps_its_words():
    one = only(
        "a.md",
        "---\ndate: 2022-10-10\n---\n# Missiles hit *Kyiv*\n\n- **Ten** [died](https://example.org) near `Lviv`.\n",
    )
    assert one.title == "Missiles hit Kyiv"
    assert one.text == "Ten died near Lviv."
    assert one.published is not None


def test_a_page_gives_its_title_day_and_text():
    body = "".join(
        f"<p>Shells hit the city of Kherson again on day {n}, and several people were hurt.</p>" for n in range(5)
    )
    page = f"""<html><head><title>Shelling of Kherson</title>
    <meta property="article:published_time" content="2022-12-24T08:00:00Z"></head>
    <body><nav><a href="/">Home</a></nav><article><h1>Shelling of Kherson</h1>{body}</article>
    <script>alert(1)</script></body></html>"""
    one = only("a.html", page)
    assert one.title == "Shelling of Kherson"
    assert one.published_day is not None
    assert one.published_day.isoformat() == "2022-12-24"
    assert "alert" not in one.text


def test_a_page_in_which_no_article_is_found_still_gives_its_words():
    assert "Kherson" in only("a.html", "<title>T</title><table><tr><td>Kherson was hit.</td></tr></table>").text


def test_json_lines_keep_ids_and_take_the_usual_names():
    rows = [
        {"doc_id": 7, "text": "Shells hit Kherson.", "dct": "2022-11-12"},
        {"id": "x", "title": "Fire in Lviv", "text": "", "date": "2022-11-12T10:00:00+02:00", "link": "tass.com/1"},
    ]
    reading = read_bytes("a.jsonl", "\n".join(json.dumps(r) for r in rows).encode())
    first, second = reading.reports
    assert first.report_id == "7"
    assert second.published == datetime(2022, 11, 12, 8, tzinfo=UTC)
    assert (second.url, second.source) == ("https://tass.com/1", "tass.com")
    assert second.text == "Fire in Lviv"


def test_csv_reads_quoted_line_breaks_and_names_the_bad_line():
    reading = read_bytes(
        "a.csv", b'id,title,text,date\n1,A,"Shells\nhit Lviv",2022-11-12\n2,only two\n3,B,Fire in Lviv,\n'
    )
    assert [r.report_id for r in reading.reports] == ["1", "3"]
    assert reading.reports[1].published is None
    [refused] = reading.refused
    assert refused.line == 4
    assert "a.csv, line 4" in str(refused)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.jsonl", b"{bad\n", "line 1: the line is not a JSON object"),
        ("a.jsonl", b"[1]\n", "not an object"),
        ("a.jsonl", b'{"text": {"a": 1}}\n', "`text` is dict"),
        ("a.jsonl", b'{"text": " "}\n', "no text"),
        ("a.jsonl", b'{"text": "\xff"}\n', "UTF-8"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[" * 100_000, "not JSON"),
        ("a.txt", b"Kherson \xff\xfa", "not UTF-8 text (line 1)"),
        ("a.txt", b"", "it is empty"),
        ("a.md", b" \n\n", "it is empty"),
        ("a.jsonl", b"", "it is empty"),
        ("a.csv", b"", "it is empty"),
        ("a.html.gz", gzip.compress(b""), "it is empty"),
        ("a.csv", b"who,what\n1,2\n", "no column is named `text` or `title` in the header row (who, what)"),
        ("a.csv", b"title,text\n,\n", "line 2: the row has no text; fill in its `text`"),
        ("a.exe", b"MZ", "known are"),
        ("a.txt.gz", b"not gzip", "damaged"),
        ("a.html", b"<script>x</script>", "no text was found"),
        ("a.html", b"<div>" * 5000, "too many to be read safely"),
        ("a.html", b"<p " + b"a=1 " * 100_000 + b">x</p>", "a tag of over"),
    ],
)
def test_bad_input_gets_one_message_that_names_the_file_and_the_remedy(name, data, says):
    reading = read_bytes(name, data)
    assert reading.reports == ()
    [refused] = reading.refused
    assert says in str(refused)
    assert str(refused).startswith(name)


def test_an_empty_text_file_is_told_so_without_the_names_of_columns():
    [refused] = read_bytes("a.txt", b"Date: 2022-11-12\n\n").refused
    assert "`" not in str(refused)


def test_the_good_rest_of_a_bad_file_is_still_read():
    reading = read_bytes("a.jsonl", b'{"text": "Shells hit Kherson."}\n{bad\n{"text": "Fire in Lviv."}\n')
    assert len(reading.reports) == 2
    assert [r.line for r in reading.refused] == [2]


def test_a_report_whose_date_cannot_be_read_is_kept_undated_and_that_is_said():
    reading = read_bytes("a.jsonl", b'{"text": "Shells hit Kherson.", "date": "03-02-2009"}\n')
    assert reading.reports[0].published is None
    assert "undated" in str(reading.refused[0])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022-11-12", "2022-11-12"),
        ("2022-11-12T23:30:00-05:00", "2022-11-13"),
        ("12.11.2022", "2022-11-12"),
        ("Nov. 12, 2022", "2022-11-12"),
        ("9:55 AM ET, Sun January 4, 2015", "2015-01-04"),
        ("12 November 2022", "2022-11-12"),
        ("2016 Oct 10", "2016-10-10"),
        ("11/28/2016", "2016-11-28"),
        ("Sat, 12 Nov 2022 10:00:00 GMT", "2022-11-12"),
    ],
)
def test_dates_are_read_as_agencies_write_them(written, day):
    one = only("a.jsonl", json.dumps({"text": "Shells hit Kherson.", "date": written}))
    assert one.published_day.isoformat() == day


def test_a_gzip_bomb_is_stopped_at_the_limit():
    reading = read_bytes("a.txt.gz", gzip.compress(b" " * (READERS[".txt"].limit + 10)))
    assert "unpacked" in str(reading.refused[0])


def test_only_web_links_are_kept():
    assert only("a.jsonl", '{"text": "Shells hit Kherson.", "url": "javascript:alert(1)"}').url is None


def test_a_report_that_is_not_english_says_so():
    assert only("a.txt", "Внаслідок обстрілу Херсона загинули семеро людей, повідомив голова області.").language == "uk"
    assert only("a.txt", "Nine people died when shells hit a market in Kherson.").language == "en"


def test_the_same_words_have_the_same_id_wherever_they_are_read(tmp_path):
    (tmp_path / "a.txt").write_text("Shells hit Kherson.")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.txt").write_text("Shells hit Kherson.")
    (tmp_path / "b" / "skip.png").write_bytes(b"x")
    first, second = read([tmp_path])
    assert isinstance(first, Report)
    assert first.report_id == second.report_id


def test_a_missing_file_and_an_empty_folder_are_said(tmp_path):
    refused = list(read([tmp_path / "none.txt", tmp_path]))
    assert all(isinstance(r, Refusal) for r in refused)
    assert "no such file" in str(refused[0])
    assert "no file of a known kind" in str(refused[1])


def test_pasted_words_are_a_report_and_no_words_are_refused():
    assert paste("Shells hit Kherson.", published=datetime(2022, 11, 12, tzinfo=UTC)).reports[0].published_day
    assert "pasted text" in str(paste("  ").refused[0])


def test_a_title_that_the_text_begins_with_is_read_once():
    repeated = only("a.jsonl", json.dumps({"title": "Fire in Lviv", "text": "Fire in Lviv. Two were hurt."}))
    assert repeated.fields == ("text",)
    own = only("a.jsonl", json.dumps({"title": "Fire in Lviv", "text": "Two were hurt when a store burnt."}))
    assert own.fields == ("title", "text")


@pytest.mark.real
def test_the_real_report_reads_as_it_stands():
    path = SHARED / "reports" / "rferl_kherson_2022-11-12.txt"
    if not path.exists():
        pytest.skip(f"{path} is not there: the development material lies beside the project")
    [one] = read([path])
    assert one.published_day.isoformat() == "2022-11-12"
    assert one.text.startswith("The White House on November 12")
