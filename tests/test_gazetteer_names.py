"""Names made comparable, and phrases taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer.names import fold, is_abbreviation, latin, spellings
from geo.gazetteer.phrases import parse, strip_generic


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(name):
    once = fold(name)
    assert fold(once) in {once, once.removeprefix("the ")}
    assert once == " ".join(once.split())


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1, max_size=12))
def test_case_and_accents_do_not_matter(name):
    import unicodedata

    assert fold(name.lower()) == fold(name)
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Ivano-Frankivs'k", "Ivano Frankivs’k"), ("St. Louis", "Saint Louis"), ("the Hague", "Hague"),
        ("Hawaiʻi", "Hawai'i"), ("Łódź", "Lodz"), ("İstanbul", "ISTANBUL"), ("Mt. Vernon", "Mount Vernon"),
        ("WASHINGTON, D.C.", "Washington DC"), ("Al-Qa'im", "al Qaim"),
    ],
)  # fmt: skip
def test_spellings_that_a_reader_takes_for_the_same_fold_to_the_same(written, same):
    assert fold(written) == fold(same)


def test_marks_that_change_the_word_are_kept():
    assert fold("ガザ") != fold("カサ")
    assert fold("서울") == "서울"


def test_transliterations_bridge_scripts_and_customs():
    assert "kyiv" in latin("Київ")
    assert "kharkov" in latin("Харьков") or "kharkov" in {s for form in latin("Харьков") for s in spellings(form)}
    assert "mykolaiv" in set(spellings("mykolayiv"))
    assert latin("Kyiv") == ()


def test_only_short_capitals_are_abbreviations():
    assert [is_abbreviation(name) for name in ("US", "U.A.E.", "Us", "Oslo", "OSLOBY", "A")] == [
        True,
        True,
        *[False] * 4,
    ]


@pytest.mark.parametrize(
    ("name", "base", "relation", "bearing", "km"),
    [
        ("30 km north-east of Kupyansk", "kupyansk", "away", 45, 30.0),
        ("about 12 miles south of Basra", "basra", "away", 180, 19.312128),
        ("1,200 km east of Moscow", "moscow", "away", 90, 1200.0),
        ("1.5 km west of Robotyne", "robotyne", "away", 270, 1.5),
        ("northern Kharkiv region", "kharkiv", "part", 0, None),
        ("the north of Gaza", "gaza", "part", 0, None),
        ("north of Gaza", "gaza", "near", 0, None),
        ("south-western Syria", "syria", "part", 225, None),
        ("central Ukraine", "ukraine", "part", None, None),
        ("near Bakhmut", "bakhmut", "near", None, None),
        ("the eastern outskirts of Kyiv", "kyiv", "outskirts", None, None),
        ("city of London", "london", "is", None, None),
        ("Loudon Co.", "loudon", "is", None, None),
    ],
)
def test_phrases_are_taken_apart(name, base, relation, bearing, km):
    phrase = parse(name)
    assert (phrase.base, phrase.relation, phrase.bearing) == (base, relation, bearing)
    assert phrase.km == (pytest.approx(km) if km is not None else None)


def test_between_and_containers_keep_both_names():
    assert (parse("between Kherson and Mykolaiv").base, parse("between Kherson and Mykolaiv").other) == (
        "kherson",
        "mykolaiv",
    )
    assert (parse("Springfield, Ill.").base, parse("Springfield, Ill.").container) == ("springfield", "Ill.")
    assert parse("Kherson") is None


@given(st.text(max_size=60))
def test_any_text_at_all_can_be_asked_about(name):
    phrase = parse(name)
    assert phrase is None or phrase.base == fold(phrase.base) or phrase.base
    assert strip_generic(fold(name))[0] or not fold(name)
