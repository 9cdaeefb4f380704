"""What is counted stands in the form that fits its number, in all words that the pages show."""

import re

import pytest

from geo.app import words, words_online, words_review
from geo.app.counted import Counted


@pytest.mark.parametrize(("n", "told"), [(1, "1 report was"), ("1", "1 report was"), (0, "0 reports were"),
                                         ("1,001", "1,001 reports were")])  # fmt: skip
def test_one_thing_is_told_as_one_and_all_other_numbers_as_many(n, told):
    assert Counted("{n} {n:report was|reports were}").format(n=n) == told


def test_a_form_may_hold_the_number_and_other_patterns_stay_as_they_are():
    keys = Counted("{n:Key 1|Keys 1 to {n}}: {share:.0%}")
    assert [keys.format(n=n, share=0.5) for n in (1, 3)] == ["Key 1: 50%", "Keys 1 to 3: 50%"]


def test_what_people_read_of_one_thing_is_right():
    assert words.SUM.format(mentions="1", told="1", aside="0") == "1 mention = 1 in events + 0 set aside"
    assert words.NEW_SINCE.format(n="1") == "1 event new or changed since you last looked"
    assert words.ANCHORS.format(reports=1, origins=2) == "1 report, 2 origins"
    assert words_review.PREVIEW_LEFT.format(n=1) == "1 claim is left alone: people decided it, or rejected its event."


@pytest.mark.parametrize("module", [words, words_review, words_online])
def test_no_words_count_many_where_there_may_be_one(module):
    many = re.compile(r"\} (events|reports|mentions|claims|names|outlets|origins)\b")
    told = {name: getattr(word, "pattern", word) for name, word in vars(module).items() if name.isupper()}
    assert [name for name, word in told.items() if isinstance(word, str) and many.search(word)] == []
