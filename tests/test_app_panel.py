"""The panel tells an event with its sentence marked, and every foreign word in it is text."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from making import KHERSON, KYIV, claim, days, mention, report

from geo.app import panel, words
from geo.app.tell import count_told, days_told, event_told, report_told
from geo.claims import SKIP_REASONS
from geo.counts import find
from geo.merge import merge, within
from geo.records import Candidate, Count, Days, Extraction, Skip, Span

LEAD = "Officials spoke on Friday. "
SAID = "Shells hit Kherson overnight, killing two."
TEXT = f"{LEAD}{SAID} Moscow denied it.\nKyiv did not."


class Reader(HTMLParser):
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text, self.marked, self.names = [], [], "", "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in ("br", "bdi"):
            self.open.append((tag, dict(attrs)))
        if "dl-name" in (dict(attrs).get("class") or ""):
            self.names.append(["", dict(attrs)])

    def handle_endtag(self, tag):
        if tag != "bdi":
            assert self.open.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        if any(t == "mark" for t, _ in self.open):
            self.marked += data
        if self.open and "dl-name" in (self.open[-1][1].get("class") or ""):
            self.names[-1][0] += data


def told(of, place=KHERSON, said=SAID, **more):
    start = of.text.index(said)
    quote = Span(field="text", start=start, end=start + len(said), text=said)
    made = claim(of, place, quote=quote, **more)
    where = replace(made.mentions[0], role="place")
    actor = mention(of, "Moscow", role="actor") if "Moscow" in of.text else where
    extraction = Extraction(report=of, mentions=(where, actor), timexes=(), claims=(made,), skips=())
    [event] = within(extraction)
    return panel.html(event, {of.report_id: extraction}, lambda _: "Parent"), event, extraction


def test_the_sentence_is_marked_and_every_name_shows_its_role():
    html, _, _ = told(report(text=TEXT))
    read = Reader(html)
    assert read.marked == SAID
    assert [name for name, _ in read.names] == ["Kherson", "Moscow"]
    assert words.ROLE_WORDS["actor"] in read.names[1][1]["title"]
    assert "Kherson, Parent" in read.text
    assert "1 report, 1 origin" in read.text


def test_a_name_can_be_reached_with_the_keyboard_and_the_key_tells_the_roles_there_are():
    html, _, _ = told(report(text=TEXT))
    assert [attrs["tabindex"] for _, attrs in Reader(html).names] == ["0", "0"]
    key = html.split(words.ROLES_KEY)[1].split("</p>")[0]
    assert [words.ROLE_WORDS[role] in key for role in ("place", "actor", "said")] == [True, True, False]


def test_a_report_that_shares_its_origin_says_with_which():
    told = [("one", "A desk", 12), ("two", "A desk", 13), ("three", "", 14)]
    reports = {
        name: report(name, f"Shells hit Kherson on day {day}.", title=f"<b>{name}", source=source,
                     published=datetime(2022, 11, day, tzinfo=UTC))
        for name, source, day in told
    }  # fmt: skip
    extractions = {
        name: Extraction(report=of, mentions=(), timexes=(), claims=(claim(of),), skips=())
        for name, of in reports.items()
    }
    [event] = merge([e for extraction in extractions.values() for e in within(extraction)], reports)
    event = replace(event, origins=(("one", "two"), ("three",)))  # their texts are alike
    shown = panel.html(event, extractions, lambda _: None)
    parts = [part.split("</section>")[0] for part in shown.split("<section")[1:]]
    assert ["same origin as" in part for part in parts] == [False, True, False]
    assert "same origin as “<bdi>&lt;b&gt;one</bdi>”" in parts[1]
    assert "3 reports, 2 origins" in shown


def test_a_report_by_itself_tells_why_its_names_were_set_aside():
    of = report(text="Moscow denied it. <b>Kyiv</b> did not.", title="Told", url="https://example.org/a")
    moscow, kyiv = mention(of, "Moscow", role="actor"), mention(of, "Kyiv", role="said", place=KYIV)
    skips = (Skip(mention=moscow, reason="actor"), Skip(mention=kyiv, reason="said"))
    read = Reader(panel.report_html(Extraction(report=of, mentions=(moscow, kyiv), timexes=(), claims=(), skips=skips),
                                    lambda _: None))  # fmt: skip
    assert of.text in read.text
    assert f"Moscow{SKIP_REASONS['actor']}Kyiv{SKIP_REASONS['said']}" in read.text
    assert [name for name, _ in read.names] == ["Moscow", "Kyiv"]
    assert {"b", "mark"}.isdisjoint(read.tags)
    bare = Extraction(report=of, mentions=(), timexes=(), claims=(), skips=())
    assert words.NUMBERS_NO_NAME in Reader(panel.report_html(bare, lambda _: None)).text


@pytest.mark.parametrize(
    "payload", ["<img src=x onerror=alert(1)>", '"><svg onload=x>', "</mark></script><script>x</script>", "{{7*7}}${1}"]
)
def test_hostile_words_are_text_in_every_part_of_the_panel(payload):
    of = report(text=f"{payload} {TEXT}", title=payload, source=payload, url=f"javascript:{payload}")
    place = replace(KHERSON, parents=())
    html, *_ = told(of, place, trigger=payload, days=replace(days("2022-11-11"), words=payload),
                    counts=(Count(kind="killed", low=2, best=2, high=2, words=payload, said_by=payload),))  # fmt: skip
    read = Reader(html)
    assert not {"img", "svg", "script", "a"} & set(read.tags)
    assert read.text.count(payload) >= 6


def test_a_link_is_shown_only_where_it_is_one():
    assert Reader(told(report(text=TEXT, url="https://example.org/a"))[0]).tags.count("a") == 1
    assert "a" not in Reader(told(report(text=TEXT, url="data:text/html,x"))[0]).tags


def test_a_long_report_shows_the_sentence_and_unfolds_the_rest():
    of = report(text="Before. " * 2000 + TEXT)
    read = Reader(told(of)[0])
    assert "details" in read.tags
    assert read.marked.startswith(SAID)


def test_doubt_is_told_in_words():
    of = report(text=TEXT)
    other = replace(KYIV, name="Another Kherson", place_id="x:1")
    made = claim(of, KHERSON, mentions=(mention(of, "Kherson", place=KHERSON, role="place",
                 runners_up=(Candidate(place=other, score=0.4),)),))  # fmt: skip
    [event] = within(Extraction(report=of, mentions=(), timexes=(), claims=(made,), skips=()))
    read = Reader(panel.html(event, {}, lambda _: None))
    assert "could also be Another Kherson" in read.text
    assert "within about 9 km" in read.text


def test_days_and_counts_are_said_as_people_say_them():
    assert days_told(Days()) == "Day unknown"
    assert days_told(days("2022-11-10")) == "10 November 2022"
    assert days_told(days("2022-10-30", "2022-11-02")) == "30 October – 2 November 2022"
    assert days_told(days("2021-12-30", "2022-01-02")) == "30 December 2021 – 2 January 2022"
    known = [(2, 2, "2 killed"), (7, None, "at least 7 killed"), (None, 9, "at most 9 killed"), (3, 5, "3–5 killed")]
    for low, high, expected in known:
        assert count_told(Count(kind="killed", low=low, best=None, high=high, words="9")) == expected
    dozens = Count(kind="killed", low=24, best=None, high=99, words="Dozens were killed")
    assert count_told(dozens) == "“Dozens were killed”"


def test_figures_that_differ_stand_side_by_side_with_who_said_them():
    of = report(text="Dozens died in Kherson, officials said. The toll reached 50, the governor, Ann Lee, said.")
    first, second = of.text.split(" The ")
    made = [claim(of, claim_id=c, counts=tuple(find(c)), said_by="") for c in (first, f"The {second}")]
    [event] = within(Extraction(report=of, mentions=(), timexes=(), claims=tuple(made), skips=()))
    read = Reader(panel.html(event, {}, lambda _: None))
    assert "“Dozens died” (according to officials)50 killed (according to Ann Lee)" in read.text


def test_an_event_and_a_report_are_plain_values():
    import json

    _, event, extraction = told(report(text=TEXT))
    assert json.loads(json.dumps(event_told(event)))["quote"] == SAID
    assert json.loads(json.dumps(report_told(extraction)))["claims"][0]["start"] == len(LEAD)
