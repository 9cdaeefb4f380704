"""Named views are kept in the home folder, each person's own, and remember what was there when last looked at."""

import json
from datetime import UTC, date, datetime

from geo.app.kept import drop, file_in, keep, views
from geo.app.state import Looking
from geo.filters import Filter

STRIKES = Looking(
    filter=Filter(types=("strike",), first_day=date(2022, 11, 1)), view=(31.5, 48.0, 6), event="e1", since=3
)


def test_a_view_comes_back_without_the_event_that_was_open(tmp_path):
    file = file_in(tmp_path, "default")
    keep(file, "ana", "  Strikes   near Kherson ", STRIKES, 7)
    [view] = views(file, "ana")
    assert (view.name, view.version) == ("Strikes near Kherson", 7)
    assert view.looking == Looking(filter=STRIKES.filter, view=STRIKES.view)
    assert abs((datetime.now(UTC) - view.looked).total_seconds()) < 60


def test_everybody_has_views_of_their_own_and_projects_do_not_mix(tmp_path):
    file = file_in(tmp_path, "default")
    keep(file, "ana", "a", STRIKES, 1)
    keep(file, "ben", "b", STRIKES, 1)
    assert [v.name for v in views(file, "ana")] == ["a"]
    assert views(file_in(tmp_path, "other"), "ana") == []
    drop(file, "ben", "a")
    drop(file, "ana", "a")
    assert (views(file, "ana"), len(views(file, "ben"))) == ([], 1)


def test_the_same_name_is_the_same_view_and_no_name_is_none(tmp_path):
    file = file_in(tmp_path, "default")
    for version in (1, 2):
        keep(file, "ana", "a", STRIKES, version)
    keep(file, "ana", "   ", STRIKES, 3)
    assert [(v.name, v.version) for v in views(file, "ana")] == [("a", 2)]


def test_a_file_spoilt_by_hand_hides_only_what_is_spoilt(tmp_path):
    file = file_in(tmp_path, "default")
    keep(file, "ana", "good", STRIKES, 1)
    told = json.loads(file.read_text())
    told["ana"] |= {"bad": {"query": 5}, "worse": None, "late": {**told["ana"]["good"], "looked": "soon"}}
    file.write_text(json.dumps(told))
    assert [v.name for v in views(file, "ana")] == ["good"]
    file.write_text("{")
    assert views(file, "ana") == []
    file.write_text('["ana"]')
    assert views(file, "ana") == []
