"""What is looked at travels in the address and comes back the same; steps can be undone; nonsense is left out."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from test_index import filters

from geo.app import words
from geo.app.state import Looking, Steps, chips, from_query, preset, to_query, without
from geo.filters import Filter
from geo.records import MODALITIES


@given(filters(), st.sampled_from([None, (31.25, 48.5, 6)]), st.sampled_from([None, "e1"]), st.text(max_size=20))
def test_what_is_looked_at_comes_back_from_its_address(wanted, view, event, said):
    from dataclasses import replace

    against = (date(2021, 1, 1), date(2021, 3, 31)) if event else None
    looking = Looking(
        filter=replace(wanted, words=said),
        view=view,
        event=event,
        against=against,
        follow=bool(view),
        since=event and 57,
    )
    assert from_query(to_query(looking)) == looking


def test_an_address_can_be_read_by_people():
    wanted = Filter(first_day=date(2022, 11, 1), types=("strike", "control"), countries=("UA",), modalities=MODALITIES)
    assert to_query(Looking(filter=wanted, view=(31.25, 48.5, 6))) == {
        "from": ["2022-11-01"],
        "type": ["strike", "control"],
        "country": ["UA"],
        "kind": list(MODALITIES),
        "at": ["31.25,48.5,6"],
    }


def test_what_makes_no_sense_in_an_address_is_left_out_and_the_rest_holds():
    told = {
        "from": ["2022-13-99"], "to": ["2022-11-12"], "type": ["strike", "<b>"], "sure": ["nan"], "box": ["1,2,3"],
        "at": ["999,0,5"], "area": ["1,2,3,4"], "near": ["31,48,-5"], "level": ["galaxy"], "q": ["x" * 5000],
    }  # fmt: skip
    looking = from_query(told)
    assert looking.filter.last_day == date(2022, 11, 12)
    assert looking.filter.types == ("strike",)
    assert (looking.filter.first_day, looking.filter.box, looking.filter.around, looking.view) == (None,) * 4
    assert looking.filter.polygon == looking.filter.levels == ()
    assert len(looking.filter.words) == 200


def test_what_is_compared_counted_and_new_stands_in_the_address_for_people_to_read():
    looking = Looking(against=(date(2022, 10, 1), date(2022, 10, 31)), follow=True, since=57)
    assert to_query(looking) == {"vs": ["2022-10-01/2022-10-31"], "count": ["view"], "new": ["57"]}
    for told in ({"vs": ["2022-10-01"]}, {"vs": ["a/b"]}, {"new": ["-1"]}, {"new": ["²"]}, {"count": ["all"]}):
        assert from_query(told) == Looking()


def test_days_that_run_backwards_in_an_address_are_turned_round():
    wanted = from_query({"from": ["2022-11-12"], "to": ["2022-11-01"]}).filter
    assert (wanted.first_day, wanted.last_day) == (date(2022, 11, 1), date(2022, 11, 12))


def test_steps_go_back_and_forth_and_a_new_step_forgets_what_was_undone():
    one, two, three = Filter(), Filter(words="a"), Filter(words="b")
    steps = Steps().took(one).took(two)
    back, steps = steps.undone(three)
    assert back == two
    again, after = steps.redone(back)
    assert (again, after.past) == (three, (one, two))
    assert steps.took(back).future == ()


def test_taking_every_chip_away_leaves_the_first_filter():
    wanted = Filter(
        types=("strike", "arrest"), words="x", box=(1, 2, 3, 4), min_confidence=0.5, modalities=("planned", "denied")
    )
    assert ("types", "arrest") in chips(wanted)
    for chip in chips(wanted):
        wanted = without(wanted, chip)
    assert wanted == Filter()


def test_presets_end_on_the_latest_day():
    assert preset("month", date(2022, 11, 30)) == (date(2022, 11, 1), date(2022, 11, 30))
    assert preset("all", date(2022, 11, 30)) == (None, None)


def test_every_code_has_its_word():
    words._complete()
