"""What every home of the store must do: run by test_store.py on SQLite and by test_store_postgres.py on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import pandas as pd
import pytest
from sqlalchemy import select, text

from geo import events as table
from geo.errors import NotFound, StoreError, TableError
from geo.filters import Filter
from geo.outlets import Outlet
from geo.records import Candidate, Claim, Count, Days, Extraction, Mention, Place, Report, Skip, Span, Timex
from geo.store import Decision, Run
from geo.store.migrations.versions import first_0001 as FIRST  # noqa: N812 - a step, by its number
from geo.store.schema import META

KHERSON = Place(
    place_id="geonames:706448",
    name="Kherson",
    level="point",
    lon=32.6178,
    lat=46.6354,
    radius_km=8.0,
    country="UA",
    admin1="Kherson",
    population=283649,
    kind="PPLA",
    parents=("geonames:706442", "geonames:690791"),
)
KYIV = Place(
    place_id="geonames:703448", name="Kyiv", level="point", lon=30.5238, lat=50.4547, radius_km=20.0, country="UA"
)
FIJI = Place(
    place_id="geonames:2205218", name="Fiji", level="country", lon=178.0, lat=-18.0, radius_km=300.0, country="FJ"
)
SUVA = Place(
    place_id="geonames:2198148", name="Suva", level="point", lon=178.4415, lat=-18.1416, radius_km=5.0, country="FJ"
)
PLACES = {p.name: p for p in (KHERSON, KYIV, FIJI, SUVA)}


def made(
    report_id: str,
    text: str,
    *,
    title: str = "",
    published: datetime | None = datetime(2022, 11, 12, tzinfo=UTC),
    source: str | None = "RFE/RL",
    day: date | None = date(2022, 11, 11),
    kind: str = "control",
    confidence: float = 0.8,
) -> Extraction:
    """An extraction of one report: each known name a claim of its sentence, "Nowhere" set aside."""
    report = Report(
        report_id=report_id,
        title=title,
        text=text,
        published=published,
        source=source,
        url=f"https://example.org/{report_id}",
        language="en",
    )
    mentions, claims, skips, at = [], [], [], 0
    for sentence in text.split(". "):
        for name in (*PLACES, "Nowhere"):
            start = text.find(name, at, at + len(sentence))
            if start < 0:
                continue
            place = PLACES.get(name)
            mention = Mention(
                report_id=report_id,
                field="text",
                start=start,
                end=start + len(name),
                text=name,
                label="GPE",
                score=0.9,
                place=place,
                confidence=confidence if place else None,
                role="place" if place else None,
                runners_up=(Candidate(place=KYIV, score=0.1, reason="also so called"),),
                reason="largest of that name",
            )
            mentions.append(mention)
            if place is None:
                skips.append(Skip(mention=mention, reason="unknown"))
                continue
            days = (
                Days(first_day=day, last_day=day, basis="stated", edtf=str(day), words="on Friday") if day else Days()
            )
            claims.append(
                Claim(
                    claim_id=f"{report_id}:{start}",
                    report_id=report_id,
                    place=place,
                    mentions=(mention,),
                    days=days,
                    type=kind,
                    trigger="took",
                    confidence=confidence,
                    said_by="officials",
                    quote=Span(field="text", start=at, end=at + len(sentence), text=sentence),
                    counts=(Count(kind="killed", low=2, best=2, high=None, words="at least two"),),
                )
            )
        at += len(sentence) + 2
    timexes = (Timex(field="text", start=0, end=4, text=text[:4], type="DATE", value="2022-11-11", days=Days()),)
    return Extraction(
        report=report, mentions=tuple(mentions), timexes=timexes, claims=tuple(claims), skips=tuple(skips)
    )


A = made("a", "Ukrainian forces took Kherson on Friday. Talks in Kyiv went on. Nowhere was quiet")
B = made("b", "Kherson was retaken by Ukrainian troops on Friday", source="Reuters")
C = made(
    "c", "Flood water rose in Suva. Fiji declared an emergency", day=date(2021, 3, 1), kind="disaster", source="AP"
)


class StoreContract:
    """The tests; a subclass gives `store` (a fresh one) and `again` (the same home opened once more)."""

    def test_what_was_added_comes_back_as_it_was(self, store):
        assert store.add([A, B, C]) == 3
        for extraction in (A, B, C):
            assert store.report(extraction.report.report_id) == extraction

    def test_the_same_report_twice_changes_nothing(self, store):
        store.add([A, B])
        version, before = store.version(), store.load()
        assert store.add([B, A]) == 0
        assert store.version() == version
        assert store.load().equals(before)

    def test_two_reports_of_one_happening_are_one_event(self, store):
        store.add([A, B])
        found = store.load(Filter(box=(32, 46, 33, 47)))
        (row,) = found.itertuples()
        assert row.reports == ["a", "b"]
        assert sorted(row.outlets) == ["RFE/RL", "Reuters"]
        event = store.event(row.event_id)
        assert [c.claim_id for c in event.claims] == ["a:22", "b:0"]
        assert table.table([event]).equals(found)

    def test_the_loaded_table_fits_its_schema_and_a_country_is_no_pin(self, store):
        store.add([A, C])
        events = table.checked(store.load())
        assert len(events) == 4
        assert events.set_index("place").geometry["Fiji"] is None
        assert events.set_index("place").geometry["Suva"].x == SUVA.lon

    def test_an_empty_store_has_an_empty_table_and_version_zero(self, store):
        assert len(table.checked(store.load())) == 0
        assert store.version() == 0

    def test_every_mention_is_in_a_claim_or_set_aside_with_a_reason(self, store):
        store.add([A, B, C])
        counts = store.counts()
        assert counts.mentions == counts.in_claims + sum(counts.skipped.values()) == 6
        assert counts.skipped == {"unknown": 1}
        assert (counts.reports, counts.claims, counts.events) == (3, 5, 4)

    def test_what_is_not_there_is_not_found(self, store):
        with pytest.raises(NotFound, match="no event 'x'"):
            store.event("x")
        with pytest.raises(NotFound, match="no report 'x'"):
            store.report("x")

    def test_another_report_under_a_taken_id_gets_an_id_of_its_own(self, store):
        other = made("a", "Suva is calm")
        assert store.add([A, other]) == 2
        kept, new = sorted(store.reports(), key=lambda r: len(r.report_id))
        assert kept == A.report
        assert new.report_id.startswith("a~")
        assert new.text == "Suva is calm"
        assert store.report(new.report_id).claims[0].mentions[0].report_id == new.report_id

    def test_words_are_looked_for_in_the_whole_report_too(self, store):
        store.add([A, C])
        assert set(store.load(Filter(words="talks kyiv")).place) == {"Kherson", "Kyiv"}
        assert set(store.load(Filter(words="emergency")).place) == {"Fiji", "Suva"}
        assert len(store.load(Filter(words="emergency talks"))) == 0

    def test_search_ranks_reports_that_hold_all_words(self, store):
        store.add([A, B, made("d", "Nothing else", title="Kherson Kherson")])
        assert store.search("kherson")[0].report_id == "d"
        assert {r.report_id for r in store.search("ukrainian kherson")} == {"a", "b"}
        assert store.search("\"' OR * --") == []

    def test_a_filter_selects_in_the_store_what_it_selects_in_the_table(self, store):
        store.add([A, B, C])
        everything = store.load()
        for selection in (
            Filter(first_day=date(2022, 11, 11), last_day=date(2022, 11, 11)),
            Filter(first_day=date(2022, 1, 1), mode="surely", undated=True),
            Filter(box=(178.0, -19.0, -178.0, -18.0)),
            Filter(box=(32.6178, 46.6354, 32.6178, 46.6354)),
            Filter(around=(32.6, 46.6, 10.0)),
            Filter(polygon=((30, 50), (31, 50), (31, 51), (30, 51))),
            Filter(countries=("FJ",)),
            Filter(outlets=("Reuters",)),
            Filter(min_confidence=0.85),
            Filter(levels=("country",)),
            Filter(types=("control",)),
        ):
            assert store.load(selection).equals(selection(everything)), selection
            assert store.ids(selection) == list(selection(everything).event_id)

    def test_another_connection_sees_the_change_and_the_version_tells(self, store, again):
        other = again()
        assert other.version() == 0
        store.add([A])
        assert other.version() == store.version() > 0
        changed, gone, now = other.changed(0)
        assert len(changed) == 2
        assert gone == []
        store.add([B])
        changed, gone, _ = other.changed(now)
        assert list(changed.report_count) == [2]

    def test_a_past_moment_shows_what_was_believed_then(self, store):
        store.add([A])
        moment = datetime.now(UTC)
        before = store.load()
        store.add([B, C])
        then = store.as_of(moment)
        assert then.sort_values("event_id", ignore_index=True).equals(before.sort_values("event_id", ignore_index=True))
        assert len(store.as_of(moment - timedelta(days=1))) == 0

    def test_what_is_said_or_history_is_an_event_of_its_own_and_shown_when_asked_for(self, store):
        history = made("r2", "Kherson was taken in spring")
        history = replace(history, claims=tuple(replace(c, role="background") for c in history.claims))
        store.add([made("r1", "Troops took Kherson"), history])
        assert [e.report_count for e in store.load(Filter()).itertuples()] == [1]
        both = store.load(Filter(roles=("place", "background")))
        assert both["role"].tolist() == ["place", "background"]
        assert [e.role for e in store.events(both["event_id"])] == ["place", "background"]

    def test_a_store_of_the_first_schema_is_brought_to_the_present_one(self, store, again):
        store.add([A, B])
        for event_id in store.ids():
            store.review(Decision(action="accept", event_ids=(event_id,), who="anna"))
        believed = store.load(), store.as_of(datetime.now(UTC))
        with store.home.writing() as conn:
            conn.execute(text("DROP INDEX ix_events_days"))
            conn.execute(text("ALTER TABLE events DROP COLUMN role"))
            conn.execute(text("CREATE INDEX ix_events_days ON events (first_day)"))
            if store.home.is_sqlite:
                conn.execute(text("DROP INDEX ix_events_cell"))
                for statement in FIRST.SQLITE[2:]:
                    conn.exec_driver_sql(statement)
            conn.execute(text("""UPDATE past_events SET body = replace(body, '"role":"place",', '')"""))
            conn.execute(text("UPDATE event_blocks SET key = key || ' as of old'"))
            conn.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        store.close()
        store = again()
        for then, now in zip(believed, (store.load(), store.as_of(datetime.now(UTC))), strict=True):
            pd.testing.assert_frame_equal(pd.DataFrame(then), pd.DataFrame(now))
        assert (store.check(), store.log_verify()) == ([], "")
        store.add([made("d", "Soldiers took Kherson on Friday", source="AP")])
        assert store.load()["report_count"].max() == 3

    def test_text_that_no_database_can_hold_is_refused_with_the_report_named(self, store):
        with pytest.raises(StoreError, match="report 'n'"):
            store.add([made("n", "Kyiv\x00")])
        assert store.counts().reports == 0

    def test_runs_are_kept_once(self, store):
        run = Run(code="0.1", gazetteer="2024-01", model="none")
        store.add([A], run=run)
        store.add([B], run=run)
        assert store.counts().reports == 2

    def test_the_events_do_not_depend_on_the_order_of_the_reports(self, store, fresh):
        store.add([A, B, C])
        other = fresh()
        other.add([C, B, A])
        assert other.digest() == store.digest()

    def test_the_events_do_not_depend_on_what_was_added_at_once(self, store, fresh):
        towns, days = ("Kherson", "Kyiv", "Kharkiv"), (9, 10, 11, 12)
        told = [
            made(
                f"m{n}",
                f"A blast in {towns[n % 3]} killed {1 + n % 2}, police said ({n})",
                day=date(2022, 11, days[n % 4]),
            )
            for n in range(60)
        ]
        store.add(told)
        other = fresh()
        for one in reversed(told):
            other.add([one])
        assert other.digest() == store.digest()
        assert 0 < len(store.load()) < 60

    def test_words_lead_first_to_events_that_say_them_then_to_those_whose_reports_do(self, store):
        store.add(
            [
                made("a", "Shells hit Kherson on Friday", title="Markets and weather", day=date(2022, 11, 1)),
                made("b", "A market burned in Kherson on Friday", day=date(2022, 11, 5)),
                made("c", "Police came to Kherson on Friday", title="Nothing of it", day=date(2022, 11, 9)),
            ]
        )
        told = store.load().set_index("event_id")["report_id"]
        assert [told[event_id] for event_id in store.best("market")] == ["b", "a"]
        assert store.best("unheard of") == store.best("") == []

    def test_missing_tells_what_is_left_to_extract(self, store):
        store.add([A])
        assert store.missing([A.report, B.report]) == [B.report]
        assert store.missing([replace(A.report, report_id="z")]) == []


def by_place(store) -> dict[str, str]:
    """The ids of the events by the name of their place."""
    events = store.load()
    return dict(zip(events.place, events.event_id, strict=True))


class ReviewContract:
    """What people decide in a store; a subclass gives `store` and `fresh`."""

    def test_an_accepted_event_stays_so_and_gains_a_further_report(self, store):
        store.add([A])
        event_id = by_place(store)["Kherson"]
        entry = store.review(Decision(who="ann", action="accept", event_ids=(event_id,), why="seen the video"))
        assert (entry.seq, entry.who, entry.action, entry.why) == (1, "ann", "accept", "seen the video")
        store.add([B])
        event = store.event(event_id)
        assert event.status == "accepted"
        assert {c.report_id for c in event.claims} == {"a", "b"}
        assert [e.action for e in store.log(event_id)] == ["join", "accept"]
        assert store.log_verify() == ""

    def test_a_rejected_event_does_not_swallow_what_comes_later(self, store):
        store.add([A])
        event_id = by_place(store)["Kherson"]
        store.review(Decision(who="ann", action="reject", event_ids=(event_id,), why="another Kherson"))
        store.add([B])
        assert store.event(event_id).status == "rejected"
        assert sorted(store.load(Filter(box=(32, 46, 33, 47))).status) == ["rejected", "unreviewed"]

    def test_a_corrected_place_moves_the_event_and_its_name(self, store):
        store.add([A])
        event_id = by_place(store)["Kherson"]
        store.review(Decision(who="ann", action="correct", event_ids=(event_id,), place=SUVA, accept=True))
        event = store.event(event_id)
        assert (event.place, event.status, event.title) == (SUVA, "corrected", "Control: Suva")
        named = store.report("a").mentions[0]
        assert (named.place, named.confidence, named.reason) == (SUVA, 1.0, "chosen by ann")
        assert store.check() == []

    def test_two_events_corrected_to_the_same_place_stay_two_and_say_what_was_decided(self, store):
        store.add([A])
        ids = by_place(store)
        for event_id in (ids["Kyiv"], ids["Kherson"]):
            store.review(Decision(who="ann", action="correct", event_ids=(event_id,), place=KYIV, accept=True))
        found = store.events([ids["Kherson"], ids["Kyiv"]])
        assert [(e.place, e.status) for e in found] == [(KYIV, "corrected")] * 2
        assert (store.check(), store.log_verify()) == ([], "")

    def test_editing_an_accepted_event_asks_for_review_again(self, store):
        store.add([A])
        event_id = by_place(store)["Kyiv"]
        store.review(Decision(who="ann", action="accept", event_ids=(event_id,)))
        day = Days(first_day=date(2022, 11, 9), last_day=date(2022, 11, 10), basis="stated")
        store.review(Decision(who="bob", action="correct", event_ids=(event_id,), days=day))
        assert (store.event(event_id).status, store.event(event_id).days) == ("unreviewed", day)

    def test_a_split_lasts_when_the_reports_come_that_would_unite_it(self, store):
        store.add([A, B])
        event_id = by_place(store)["Kherson"]
        store.review(Decision(who="ann", action="split", event_ids=(event_id,), claim_ids=("b:0",)))
        assert len(store.load(Filter(box=(32, 46, 33, 47)))) == 2
        store.add([made("d", "Suva is calm")])
        assert len(store.load(Filter(box=(32, 46, 33, 47)))) == 2

    def test_every_decision_can_be_undone_and_redone(self, store):
        store.add([A, B, C])
        first, at = store.digest(), by_place(store)
        store.review(Decision(who="ann", action="correct", event_ids=(at["Kyiv"],), place=KHERSON, type="other"))
        store.review(Decision(who="ann", action="merge", event_ids=(at["Kherson"], at["Suva"])))
        last = store.digest()
        assert store.undo(who="bob").undoes == 2
        assert store.undo(who="bob").undoes == 1
        assert store.digest() == first
        store.redo(who="bob")
        store.redo(who="bob")
        assert store.digest() == last
        with pytest.raises(StoreError, match="nothing to redo"):
            store.redo(who="bob")
        assert store.log_verify() == ""

    def test_what_somebody_changed_since_must_be_taken_back_first(self, store):
        store.add([A])
        event_id = by_place(store)["Kyiv"]
        store.review(Decision(who="ann", action="accept", event_ids=(event_id,)))
        store.review(Decision(who="bob", action="dispute", event_ids=(event_id,)))
        with pytest.raises(StoreError, match="in entry 2 of the log"):
            store.undo(1, who="ann")

    def test_a_decision_that_makes_no_sense_is_refused_in_words(self, store):
        store.add([A])
        event_id = by_place(store)["Kyiv"]
        for told, words in (
            (Decision(who="ann", action="correct", event_ids=(event_id,)), "must give a place"),
            (Decision(who="ann", action="merge", event_ids=(event_id,)), "two events or more"),
            (Decision(who="ann", action="split", event_ids=(event_id,)), "on both sides"),
            (Decision(who="ann", action="accept"), "names no event"),
            (Decision(who="ann", action="accept", event_ids=("x",)), "no event 'x'"),
        ):
            with pytest.raises(StoreError, match=words):
                store.review(told)
        assert store.log() == []
        with pytest.raises(ValueError, match="somebody"):
            Decision(who=" ", action="accept")

    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("UPDATE review_log SET why = 'no' WHERE seq = 1", "entry 1 of the log (accept by ann) was changed"),
            (
                "UPDATE log_bodies SET body = replace(body, 'accepted', 'rejected') WHERE seq = 1",
                "what entry 1 of the log",
            ),
            ("DELETE FROM log_bodies WHERE seq = 2", "what entry 2 of the log says is gone"),
            ("UPDATE events SET lat = lat + 0.0001 WHERE status = 'accepted'", "is not as entry 1 of the log"),
            ("UPDATE events SET status = 'rejected' WHERE status = 'accepted'", "is not as entry 1 of the log"),
            ("UPDATE claims SET quote = replace(quote, 'Friday', 'Sunday')", "is not as entry 1 of the log"),
            ("UPDATE reports SET text = replace(text, 'quiet', 'noisy')", "is not as entry"),
            ("UPDATE events SET status = 'accepted' WHERE status = 'unreviewed'", "outside the program"),
        ],
    )
    def test_a_change_outside_the_program_is_named(self, store, statement, named):
        store.add([A, B])
        store.review(Decision(who="ann", action="accept", event_ids=(by_place(store)["Kherson"],)))
        store.review(Decision(who="ann", action="note", event_ids=(by_place(store)["Kyiv"],), why="ask the desk"))
        assert store.log_verify() == ""
        with store.home.writing() as conn:
            conn.exec_driver_sql(statement)
        assert named in store.log_verify()

    def test_a_log_cut_short_is_noticed(self, store):
        store.add([A])
        store.review(Decision(who="ann", action="accept", event_ids=(by_place(store)["Kherson"],)))
        with store.home.writing() as conn:
            for table in ("log_touched", "log_bodies", "review_log"):
                conn.exec_driver_sql(f"DELETE FROM {table}")
        assert store.log_verify() == "the log should end with entry 1, but ends with entry 0"

    def test_an_erased_report_leaves_no_words_and_does_not_come_back(self, store):
        store.add([A, B])
        event_id = by_place(store)["Kherson"]
        store.review(Decision(who="ann", action="accept", event_ids=(event_id,)))
        store.erase("a", who="ann", why="the source asked")
        assert store.report("a").report.text == ""
        assert list(store.load().report_id) == ["b"]
        assert store.event(event_id).status == "accepted"
        assert store.search("quiet") == []
        assert len(store.load(Filter(words="talks"))) == 0
        assert store.add([A]) == 0
        assert (store.check(), store.log_verify()) == ([], "")
        assert [(e.action, e.why) for e in store.log()][1] == ("erase", "the source asked")
        assert not held_anywhere(store, "went on")

    def test_a_newer_version_takes_over_what_was_decided_on_the_same_words(self, store):
        store.add([A])
        event_id = by_place(store)["Kherson"]
        store.review(Decision(who="ann", action="correct", event_ids=(event_id,), place=SUVA, accept=True))
        newer = made("a2", "Ukrainian forces took Kherson on Friday. Talks in Kyiv are over")
        assert store.replace("a", newer, who="bob", why="the agency corrected it") == "a2"
        event = store.event(event_id)
        assert (event.status, event.place, event.claims[0].report_id) == ("corrected", SUVA, "a2")
        assert set(store.load().report_id) == {"a2"}
        assert store.report("a").report.text == A.report.text
        assert (store.check(), store.log_verify()) == ([], "")

    def test_a_version_that_was_replaced_is_kept_but_neither_listed_nor_counted(self, store):
        store.add([A])
        store.replace("a", made("a2", "Ukrainian forces took Kherson on Friday. Nowhere was calm"), who="bob")
        assert [r.report_id for r in store.reports()] == ["a2"]
        assert [r.report_id for r in store.search("Kherson")] == ["a2"]
        assert store.outlets() == [(Outlet(name="RFE/RL"), 1)]
        counts = store.counts()
        assert (counts.reports, counts.claims, counts.mentions, counts.in_claims) == (1, 1, 2, 1)
        assert counts.skipped == {"unknown": 1}

    def test_reports_read_before_something_was_said_of_their_outlet_are_told_until_they_are_read_again(self, store):
        store.add([A, B])
        assert store.outdated("RFE/RL") == []
        store.say_of_outlet(Outlet(name="RFE/RL", zone="Europe/Prague"), who="ann")
        assert (store.outdated("RFE/RL"), store.outdated("Reuters")) == (["a"], [])
        assert store.told(["b", "x", "a"]) == [B.report, A.report]
        before = store.digest()
        assert store.read_again([A], who="ann") == 0
        assert (store.outdated("RFE/RL"), store.digest()) == ([], before)
        assert [e.action for e in store.log()] == ["outlet"]

    def test_a_report_read_again_says_what_the_new_reading_says(self, store, fresh):
        store.add([A, B])
        newer = replace(A, report=replace(A.report, language="uk"), claims=A.claims[:1], skips=(
            Skip(mention=A.mentions[1], reason="said"), *A.skips,
        ))  # fmt: skip
        moved = replace(newer.claims[0], days=Days(first_day=date(2022, 11, 9), last_day=date(2022, 11, 9)))
        newer = replace(newer, claims=(moved,))
        before = store.event(by_place(store)["Kyiv"]).event_id
        assert store.read_again([newer], who="ann", why="by its own clock") == 1
        assert store.report("a") == newer
        assert before not in store.ids()
        other = fresh()
        other.add([newer, B])
        assert store.digest() == other.digest()
        assert [(e.action, e.why, e.undoes) for e in store.log()] == [("read", "by its own clock", None)]
        assert store.read_again([A], who="ann") == 1
        assert store.report("a") == A
        assert (store.check(), store.log_verify()) == ([], "")

    def test_what_people_decided_stays_when_the_report_is_read_again(self, store):
        store.add([A])
        at = by_place(store)
        store.review(Decision(who="ann", action="correct", event_ids=(at["Kherson"],), place=SUVA, accept=True))
        store.review(Decision(who="ann", action="tell", names=(store.set_aside()[0].key,), place=FIJI, type="damage"))
        elsewhere = made("a", A.report.text, day=date(2022, 11, 3), kind="strike")
        assert store.read_again([replace(elsewhere, report=A.report)], who="bob") == 1
        found = store.load().set_index("place")
        assert list(found.loc["Suva", ["status", "type"]]) == ["corrected", "control"]
        assert list(found.loc["Fiji", ["status", "type"]]) == ["unreviewed", "damage"]
        assert list(found.loc["Kyiv", ["status", "type"]]) == ["unreviewed", "strike"]
        assert (len(found), store.event(at["Kherson"]).place) == (3, SUVA)
        assert (store.check(), store.log_verify()) == ([], "")
        store.undo(who="ann")
        store.undo(who="ann")
        assert (store.check(), store.log_verify()) == ([], "")
        assert sorted(store.load().place) == ["Kherson", "Kyiv"]

    def test_an_event_that_others_reviewed_gains_and_loses_claims_of_a_report_read_again(self, store):
        store.add([A, B])
        event_id = by_place(store)["Kherson"]
        store.review(Decision(who="ann", action="accept", event_ids=(event_id,)))
        store.read_again(
            [replace(A, claims=(), skips=tuple(Skip(mention=m, reason="said") for m in A.mentions))], who="b"
        )
        assert {c.report_id for c in store.event(event_id).claims} == {"a", "b"}
        assert sorted(store.load().place) == ["Kherson"]
        assert (store.check(), store.log_verify()) == ([], "")

    def test_a_report_that_is_not_there_any_more_or_has_other_words_is_not_read_again(self, store):
        store.add([A, B])
        with pytest.raises(StoreError, match="other words"):
            store.read_again([replace(A, report=replace(A.report, title="New"))], who="ann")
        store.erase("b", who="ann")
        assert store.read_again([B], who="ann") == 0
        assert store.report("b").report.text == ""

    def test_erasing_a_report_erases_the_versions_that_it_replaced(self, store):
        store.add([A])
        store.replace("a", made("a2", "Ukrainian forces took Kherson on Friday. Talks are over"), who="bob")
        store.erase("a2", who="ann")
        assert [store.report(r).report.text for r in ("a", "a2")] == ["", ""]
        assert not held_anywhere(store, "went on")
        assert store.add([A]) == 0
        assert (store.check(), store.log_verify(), store.reports()) == ([], "", [])

    def test_a_name_set_aside_is_told_of_taken_back_and_told_of_again(self, store):
        store.add([made("r1", "Troops entered Kherson. Kyiv slept, and Nowhere burned.")])
        before = store.report("r1"), sorted(store.ids())
        (aside,) = store.set_aside()
        store.review(Decision(who="ana", action="tell", names=(aside.key,), place=SUVA, type="damage"))
        assert len(store.ids()) == len(before[1]) + 1
        assert store.log_verify() == ""
        store.undo(who="ana")
        assert (store.report("r1"), sorted(store.ids())) == before
        store.redo(who="ana")
        assert "Suva" in set(store.load()["place"])
        assert (store.log_verify(), store.check()) == ("", [])

    def test_what_is_said_of_an_outlet_is_kept_undone_and_bound_to_the_log(self, store):
        store.add([made("r1", "Troops entered Kherson.")])
        assert store.outlets() == [(Outlet(name="RFE/RL"), 1)]
        said = Outlet(name="RFE/RL", home=KHERSON, language="en", zone="Europe/Prague")
        store.say_of_outlet(said, who="ana")
        assert store.outlets() == [(said, 1)]
        with store.home.writing() as conn:
            conn.execute(text("UPDATE facts SET value = replace(value, 'Prague', 'London') WHERE key LIKE 'outlet:%'"))
        assert store.log_verify().startswith("outlet RFE/RL was changed outside the program")
        with store.home.writing() as conn:
            conn.execute(text("UPDATE facts SET value = replace(value, 'London', 'Prague') WHERE key LIKE 'outlet:%'"))
        store.undo(who="ana")
        assert store.outlets() == [(Outlet(name="RFE/RL"), 1)]
        assert store.log_verify() == ""

    def test_a_backup_restores_to_the_same_in_another_home(self, store, fresh, tmp_path):
        store.add([A, B, C])
        store.review(Decision(who="ann", action="accept", event_ids=(by_place(store)["Kherson"],)))
        store.backup(tmp_path / "copy.sqlite")
        other = fresh()
        other.add([made("z", "Kyiv was here before")])
        other.restore(tmp_path / "copy.sqlite")
        assert other.digest() == store.digest()
        assert other.search("quiet") == store.search("quiet") != []
        assert (other.check(), other.log_verify()) == ([], "")
        assert len(other.load(Filter(box=(32.5, 46.5, 32.7, 46.7)))) == 1
        with pytest.raises(StoreError, match="exists already"):
            store.backup(tmp_path / "copy.sqlite")

    def test_a_table_whose_lists_hold_no_texts_is_refused_with_the_column_named(self, store, fresh):
        store.add([A])
        told, other = store.load(), fresh()
        told["outlets"] = [(1,)] * len(told)
        with pytest.raises(TableError, match="outlets must hold lists of texts"):
            other.import_table(told)
        assert len(other.load()) == 0

    def test_a_table_can_be_imported_once(self, store, fresh):
        store.add([A, B, C])
        told, other = store.load(), fresh()
        assert other.import_table(told) == len(told)
        assert other.import_table(told) == 0
        assert other.load().equals(told)
        assert other.event(told.event_id[0]).claims[0].quote.text == told.quote[0]
        assert list(other.load(Filter(words="ukrainian")).place) == ["Kherson"]
        assert other.check() == []

    @pytest.mark.parametrize(
        "names", [[], ["AP"], ["AP", ""], ['a "b", c', "AP"], ["back\\slash"], ["two\nlines"], ["Ünï"]]
    )
    def test_the_outlets_of_an_imported_table_come_back_as_they_are_named(self, store, fresh, names):
        store.add([A, B, C])
        told, other = store.load(), fresh()
        told["outlets"] = pd.Series([names, *told["outlets"].tolist()[1:]], dtype=object)
        other.import_table(told)
        assert other.load().equals(told)

    def test_ids_come_in_the_order_of_arrival_whichever_way_the_filter_is_found(self, store):
        store.add([C, B, A])
        for wanted in (Filter(), Filter(words="kherson"), Filter(last_day=date(2100, 1, 1)), Filter(words="nowhere")):
            assert store.ids(wanted) == list(store.load(wanted).event_id), wanted

    @pytest.mark.slow
    def test_a_table_of_more_rows_than_a_statement_has_parameters_can_be_imported_twice(self, store, fresh):
        store.add([A])
        one, other, many = store.load().head(1), fresh(), 70_000
        told = gpd.GeoDataFrame(one.loc[[0] * many].reset_index(drop=True), crs=one.crs)
        told["event_id"] = pd.Series([f"x{n}" for n in range(many)], dtype="str")
        assert other.import_table(told) == many
        assert other.import_table(told) == 0
        assert other.counts().events == many

    def test_answers_of_a_service_are_kept(self, store):
        assert store.cached("nominatim", "Kherson") is None
        store.cache("nominatim", "Kherson", "[1]")
        store.cache("nominatim", "Kherson", "[2]")
        answer, fetched = store.cached("nominatim", "Kherson")
        assert answer == "[2]"
        assert abs((datetime.now(UTC) - fetched).total_seconds()) < 600


def held_anywhere(store, words: str) -> bool:
    """Whether any text column of any table holds these words."""
    with store.home.reading() as conn:
        for table in META.sorted_tables:
            for row in conn.execute(select(table)):
                if any(isinstance(value, str) and words in value for value in row):
                    return True
    return False
