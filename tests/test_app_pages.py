"""The pages run and say what they should in every state; what only a browser can show is tested in tests/browser."""

import sys
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import pytest
from making import KHERSON, claim, days, report
from streamlit.testing.v1 import AppTest

from geo import settings, standard
from geo.app import access, filters_bar, page_map, page_numbers, review_log, review_sources, words, words_review
from geo.app import desk as desk_module
from geo.app.state import Looking, to_query
from geo.app.work import Progress
from geo.filters import Filter
from geo.outlets import Outlet
from geo.records import Extraction
from geo.store import Decision

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}${1+1}![x](http://evil.example/x.png)"


def story(report_id, day, kind="strike", title="Told", source=None, *, modality="actual"):
    of = report(
        report_id, f"Shells hit Kherson ({report_id}).", title=title, published=datetime(2022, 11, day, tzinfo=UTC),
        source=source,
    )  # fmt: skip
    told = claim(of, KHERSON, type=kind, days=days(f"2022-11-{day:02d}"), modality=modality)
    return Extraction(report=of, mentions=told.mentions, timexes=(), claims=(told,), skips=())


@pytest.fixture(autouse=True)
def main_module(monkeypatch):
    """AppTest leaves its script as `__main__`, which processes that are spawned later would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def home(tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text("samples = false\n")
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    desk_module.close()
    yield tmp_path
    desk_module.close()


@pytest.fixture
def filled(home):
    with standard.store(settings.load()) as store:
        store.add([story("a", 2), story("b", 9, "protest", HOSTILE), story("c", 20)])
    return home


@pytest.fixture(autouse=True)
def without_a_map_to_wait_for(monkeypatch):
    monkeypatch.setattr(page_map, "FIRST_START", 0)


def run(page, query=None, seconds=60, session=None):
    def script(name):
        import importlib

        importlib.import_module(f"geo.app.{name}").page()

    app = AppTest.from_function(script, args=(page,), default_timeout=seconds)
    for key, values in (query or {}).items():
        app.query_params[key] = values
    for key, value in (session or {}).items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def texts(app):
    return [element.value for element in app.text]


def htmls(app):
    return "".join(element.proto.body for element in app.get("html"))


def test_the_list_has_first_what_the_words_lead_to_best(home):
    with standard.store(settings.load()) as store:
        store.add(
            [story("a", 2, title="Markets"), story("b", 9, title="Nothing"), story("c", 20, title="Market, market")]
        )
        told = store.load().set_index("event_id")["report_id"]
    desk = desk_module.desk()
    rows = desk.best_first(desk.rows(Filter()), "market")
    assert [told[desk.index.event_id(row)] for row in rows] == ["c", "a", "b"]
    found = desk.best_first(desk.rows(Filter(words="market")), "market")
    assert [told[desk.index.event_id(row)] for row in found] == ["c", "a"]


def test_an_empty_store_says_how_to_begin(home):
    assert run("page_map").info[0].value == words.EMPTY


def test_the_map_page_tells_its_sums_and_a_glance(filled):
    app = run("page_map")
    assert any(text.startswith(words.IN_SELECTION.format(n="3", all="3")) for text in texts(app))
    assert words.TYPES["strike"] in htmls(app)
    assert "3 mentions = 3 in events + 0 set aside" in [box.proto.popover.label for box in app.get("popover")]


def test_a_link_opens_its_filter_its_event_and_its_comparison(filled):
    november = Filter(first_day=date(2022, 11, 15), last_day=date(2022, 11, 30))
    looking = Looking(filter=november, against=(date(2022, 11, 1), date(2022, 11, 14)))
    app = run("page_map", to_query(looking))
    assert any(text.startswith(words.IN_SELECTION.format(n="1", all="3")) for text in texts(app))
    assert "compared with 1–14 November 2022" in htmls(app)
    assert ">−1<" in htmls(app)  # the protest, which was then and is not now


def test_every_run_says_what_a_filter_holds_as_the_run_before_may_not_have_reached_the_browser(filled):
    app = run("page_map", {"from": ["2022-11-09"], "days": ["surely"], "q": ["Kherson"], "type": ["strike"]})

    def told():
        first, last = (field.proto.default[:] for field in app.date_input)
        lists = [[field.proto.options[i] for i in field.proto.default] for field in app.multiselect]
        mode = app.get("button_group")[0].proto
        return first, last, app.text_input[0].proto.default, list(mode.default), lists

    before = told()
    assert before[:4] == (["2022-11-09"], [], "Kherson", [1])
    assert before[4][1] == ["Strike (1)"]
    app.run()
    assert told() == before


@pytest.mark.parametrize("days", [("0001-01-01", "0001-12-31"), ("9999-12-01", "9999-12-31")])
def test_a_link_with_any_days_of_the_calendar_opens(filled, days):
    app = run("page_map", {"from": [days[0]], "to": [days[1]]})
    assert any("0 of 3" in text for text in texts(app))


def test_an_event_of_a_hostile_report_is_shown_as_text(filled):
    with standard.store(settings.load()) as store:
        [event_id] = store.ids(Filter(types=("protest",)))
    shown = htmls(run("page_map", {"event": [event_id]}))
    assert "<img src=x" not in shown
    assert "&lt;img src=x" in shown


def test_a_place_that_is_looked_for_is_gone_to_at_once_and_a_circle_around_it_is_seen_whole(filled):
    app = run("page_map")
    app.text_input(key="find_place").set_value("Kherson").run()
    lon, lat, zoom, _ = app.session_state["go"]
    assert (round(lon, 1), round(lat, 1), zoom) == (32.6, 46.6, 11)
    app.number_input(key="around_km").set_value(100).run()
    assert app.session_state["go"][2] == filters_bar.zoom_for(lat, 100) < 11


def test_a_comparison_is_among_the_active_filters_and_ends_with_a_reset(filled):
    app = run("page_map", {"from": ["2022-11-01"], "to": ["2022-11-30"], "vs": ["2022-10-01/2022-10-31"]})
    [told] = [option for option in app.multiselect[0].proto.options if "October" in option]
    assert told.startswith(words.CHIP_AGAINST.format(days="1"))
    app.button(key="reset").click().run()
    assert "vs" not in app.query_params


def test_what_is_hidden_is_told_and_shown_when_asked_for(home):
    with standard.store(settings.load()) as store:
        store.add([story("a", 2)])
    assert "hidden" not in [button.key for button in run("page_map").button]
    with standard.store(settings.load()) as store:
        store.add([story("b", 9, modality="planned")])
    app = run("page_map")
    assert app.button(key="hidden").label == words.HIDDEN.format(n=1)
    app.button(key="hidden").click().run()
    assert any(text.startswith(words.IN_SELECTION.format(n=2, all=2)) for text in texts(app))
    chosen = run("page_map", {"kind": ["planned"]})
    assert "hidden" not in [button.key for button in chosen.button]


def test_a_list_stays_open_while_filters_change_how_long_it_is(filled):
    app = run("page_map", session={"list": True})
    assert len(app.dataframe) == 1
    app.button(key="preset_week").click().run()
    assert len(app.dataframe) == 1
    app.session_state["list"] = False
    assert not app.run().dataframe


def test_a_second_search_has_a_list_of_its_own(filled):
    app = run("page_map")
    app.text_input(key="find_place").set_value("Kherson").run()
    [first] = [box.key for box in app.selectbox if box.key.startswith("found_place")]
    app.text_input(key="find_place").set_value("Kyiv").run()
    [second] = [box.key for box in app.selectbox if box.key.startswith("found_place")]
    assert first != second
    assert round(app.session_state["go"][1], 1) == 50.5


def test_what_lies_around_an_open_event_can_be_left_alone(filled):
    with standard.store(settings.load()) as store:
        [event_id] = store.ids(Filter(types=("protest",)))
    app = run("page_map", {"event": [event_id]})
    app.button(key="near_here").click().run()
    assert "32.6178,46.6558,50" in app.query_params["near"]
    assert event_id in app.query_params["event"]


def test_the_distance_from_a_place_is_forgotten_with_the_filter_it_made(filled):
    app = run("page_map")
    app.text_input(key="find_place").set_value("Kherson").run()
    app.number_input(key="around_km").set_value(30).run()
    assert str(app.query_params["near"]).strip("[]'").endswith(",30")
    app.button(key="reset").click().run()
    assert "near" not in app.query_params
    assert [field.value for field in app.number_input if field.label == words.WITHIN] == [None]
    assert not app.exception


def test_an_event_that_is_gone_is_told_so(filled):
    assert words.GONE in texts(run("page_map", {"event": ["nobody"]}))


def test_undo_and_reset_are_offered_when_there_is_something_to_undo(filled):
    app = run("page_map")
    assert app.button(key="undo").disabled
    app.text_input(key="filter_words").set_value("b").run()
    assert any(text.startswith(words.IN_SELECTION.format(n="1", all="3")) for text in texts(app))
    app.button(key="undo").click().run()
    assert any(text.startswith(words.IN_SELECTION.format(n="3", all="3")) for text in texts(app))
    app.button(key="redo").click().run()
    app.button(key="reset").click().run()
    assert any(text.startswith(words.IN_SELECTION.format(n="3", all="3")) for text in texts(app))


def test_what_is_new_in_a_view_is_listed_until_it_is_closed(filled):
    app = run("page_map", {"new": ["0"]})
    assert words.NEW_SINCE.format(n="3") in texts(app)
    app.button(key="close_new").click().run()
    assert words.NEW_SINCE.format(n="3") not in texts(app)
    assert "new" not in app.query_params


def test_what_is_missing_is_told(filled):
    app = run("page_numbers")
    assert "3 mentions = 3 in events + 0 set aside" in texts(app)
    assert words.NOTHING_MISSING in texts(app)
    assert len(app.dataframe) == 1  # the days without reports
    assert list(app.dataframe[0].value[words.DAYS]) == [10, 6]


def test_a_report_without_events_is_read_where_it_is_chosen(filled, monkeypatch):
    with standard.store(settings.load()) as store:
        empty = report("empty", "<i>Nothing</i> happened.", source=None, published=None)
        store.add([Extraction(report=empty, mentions=(), timexes=(), claims=(), skips=())])
    app = run("page_numbers")
    assert words.NUMBERS_CHOOSE in texts(app)
    assert app.dataframe[-1].value.iloc[0].tolist() == ["", "<i>Nothing</i> happened.", ""]
    monkeypatch.setattr(page_numbers, "_table", lambda *_, key=None: 0 if key else None)
    assert "&lt;i&gt;Nothing&lt;/i&gt; happened." in htmls(run("page_numbers"))


def test_an_event_without_a_day_has_an_empty_cell_among_what_was_believed_then(home):
    with standard.store(settings.load()) as store:
        of = report("undated", "Shells hit Kherson.", published=None)
        made = claim(of, KHERSON, days=days(None))
        store.add([Extraction(report=of, mentions=made.mentions, timexes=(), claims=(made,), skips=()), story("a", 2)])
        table = review_log._listing(store.load(), set(), set())
    assert sorted(table[words_review.AS_OF_COLUMNS["first_day"]]) == ["", "2022-11-02"]


def test_adding_nothing_is_told_so(filled):
    app = run("page_add")
    app.button[0].click().run()
    assert app.warning[0].value == words.ADD_NOTHING


class Ended:
    """A job that is over, as the desk keeps it."""

    def __init__(self, stage, since=0, error="", **result):
        self.progress = Progress(stage=stage, done=4, total=40, error=error, result=result)
        self.since, self.wrote, self.ended = since, None, True


def test_a_stopped_reading_tells_how_far_it_came_and_what_it_refused(filled):
    desk_module.desk().job = Ended("stopped", read=4, new=3, skipped=1, refused=["a.csv: no words"])
    app = run("page_add")
    assert texts(app)[-3:] == [
        words.ADD_STAGES["stopped"],
        "4 reports read, 3 new, 3 events new or changed, 1 mention set aside, 1 refused.",
        "a.csv: no words",
    ]
    desk_module.desk().job = Ended("stopped")  # before any file was read
    assert texts(run("page_add"))[-1] == words.ADD_STAGES["stopped"]


def test_a_link_leads_from_what_was_added_to_the_map_with_only_that(filled):
    desk = desk_module.desk()
    desk.job = Ended("done", since=desk.version, read=1, new=1, skipped=0, refused=[])
    desk.store.add([story("d", 21)])
    [link] = run("page_add").get("page_link")
    assert link.proto.label == "Show the new event on the map"
    query = parse_qs(link.proto.query_string)
    shown = run("page_map", query)
    assert words.NEW_SINCE.format(n="1") in texts(shown)


def test_what_is_hidden_at_first_counts_as_added_but_no_link_promises_it(filled):
    desk = desk_module.desk()
    desk.job = Ended("done", since=desk.version, read=1, new=1, skipped=0, refused=[])
    desk.store.add([story("d", 21, modality="planned")])
    app = run("page_add")
    assert "1 report read, 1 new, 1 event new or changed, 0 mentions set aside, 0 refused." in texts(app)
    assert not app.get("page_link")


def test_nothing_leads_to_the_map_where_nothing_was_added(filled):
    desk = desk_module.desk()
    desk.job = Ended("done", since=desk.version, read=1, new=0, skipped=0, refused=[])
    assert not run("page_add").get("page_link")


def test_what_people_change_after_a_reading_is_not_counted_as_its_own(filled):
    desk = desk_module.desk()
    desk.job = Ended("done", since=desk.version, read=1, new=0, skipped=0, refused=[])
    told = "1 report read, 0 new, 0 events new or changed, 0 mentions set aside, 0 refused."
    assert told in texts(run("page_add"))
    desk.store.review(Decision(who="ana", action="accept", event_ids=(desk.store.ids()[0],)))
    assert told in texts(run("page_add"))


def test_what_people_decided_is_listed_and_can_be_switched_off(filled):
    with standard.store(settings.load()) as store:
        store.review(Decision(who="ana", action="accept", event_ids=(store.ids()[0],)))
    app = run("page_review", session={"review_view": "reports"})
    assert words_review.TAUGHT.format(n=1, outlets=1) in texts(app)
    assert app.dataframe[0].value.iloc[0].tolist() == ["Kherson", words.NO_OUTLET, "Kherson", 1]
    app.toggle(key="rt_teach").set_value(False).run()
    assert words_review.UNTAUGHT.format(n=1, outlets=1) in texts(app)
    assert not settings.load().learn_from_review
    assert standard.pipeline(desk_module.desk().settings, store=desk_module.desk().store).taught.__bool__() is False
    app.toggle(key="rt_teach").set_value(True).run()
    assert settings.load().learn_from_review


def test_only_an_admin_switches_what_teaches(filled, monkeypatch):
    app = run("page_review", session={"review_view": "reports"})
    monkeypatch.setattr(access, "visitor", lambda: access.Visitor(name="rita", role="review"))
    app.toggle(key="rt_teach").set_value(False).run()  # an admin's page, drawn before the right was taken away
    assert settings.load().learn_from_review
    assert any("needs the role “admin”" in text for text in texts(app))
    assert app.toggle(key="rt_teach").disabled


def test_the_earlier_reports_of_an_outlet_are_counted_and_read_again_on_a_click(filled, monkeypatch):
    started = []
    monkeypatch.setattr(review_sources, "Job", lambda *_, again: started.append(again))
    with standard.store(settings.load()) as store:
        store.add([story("d", 21, source="A desk"), story("e", 22, source="A desk")])
        store.say_of_outlet(Outlet(name="A desk", zone="Europe/Kyiv"), who="ana")
        store.add([story("f", 23, source="A desk")])
    app = run("page_review", session={"review_view": "reports", "ro_outlet": "A desk"})
    assert words_review.OUTDATED.format(n="2") in texts(app)
    app.button(key="ro_again").click().run()
    assert [(a.outlet, bool(a.who)) for a in started] == [("A desk", True)]


def test_a_project_is_begun_in_the_app_is_empty_and_the_usual_one_is_found_again(filled):
    app = run("page_projects")
    assert list(app.selectbox(key="project_picked_default").options) == ["default"]
    app.text_input(key="project_name_default").set_value("north")
    app.button(key="project_make").click().run()
    assert words.PROJECT_OPENED.format(name="north") in texts(app)
    assert app.session_state["project"] == "north"
    assert (app.selectbox[0].value, app.text_input[0].value) == ("north", "")
    assert (len(desk_module.desk("north").index), len(desk_module.desk().index)) == (0, 3)
    app.selectbox(key="project_picked_north").set_value("default")
    app.button(key="project_open").click().run()
    assert "project" not in app.session_state
    assert desk_module.desk("default") is desk_module.desk()


def test_a_name_that_no_project_can_have_is_refused_in_words(filled):
    app = run("page_projects")
    app.text_input(key="project_name_default").set_value("../x")
    app.button(key="project_make").click().run()
    assert any("no project name" in text for text in texts(app))
    app.button(key="project_make").click().run()  # without any name
    assert any("no project name" in text for text in texts(app))
    assert standard.projects(settings.load()) == ["default"]


def test_only_an_admin_begins_a_project(filled, monkeypatch):
    monkeypatch.setattr(access, "visitor", lambda: access.Visitor(name="rita", role="review"))
    assert [button.key for button in run("page_projects").button] == ["project_open"]


def test_a_session_works_in_its_project_and_its_address_says_so(filled):
    with standard.store(settings.load(project="north")) as store:
        store.add([story("n", 5, "protest")])
    app = run("page_map", session={"project": "north"})
    assert any(text.startswith(words.IN_SELECTION.format(n="1", all="1")) for text in texts(app))
    assert "north" in app.query_params["project"]
    assert any(text.startswith(words.IN_SELECTION.format(n="3", all="3")) for text in texts(run("page_map")))
