"""Sentences keep their offsets and end where a reader would end them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.sentences import paragraphs, split


def said(text):
    return [text[a:b] for a, b in split(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Shells fell. People fled.", ["Shells fell.", "People fled."]),
        ("Mr. Smith met Gen. Jones on Nov. 12 in St. Louis.", ["Mr. Smith met Gen. Jones on Nov. 12 in St. Louis."]),
        ("He left the U.S. The embassy closed.", ["He left the U.S.", "The embassy closed."]),
        ("The U.S. Embassy closed.", ["The U.S. Embassy closed."]),
        ("“We won.” He smiled.", ["“We won.”", "He smiled."]),
        ("Is it true? Yes! It rose 3.5 percent.", ["Is it true?", "Yes!", "It rose 3.5 percent."]),
        ("George W. Bush spoke.", ["George W. Bush spoke."]),
        ("A heading\nThe text begins here.", ["A heading", "The text begins here."]),
        ("First block\n\nsecond block", ["First block", "second block"]),
        ("Kyiv... and then silence.", ["Kyiv... and then silence."]),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text, sentences):
    assert said(text) == sentences


def test_a_wrapped_line_runs_on():
    text = "The forces entered the strategic southern city of Kherson after\nRussian troops had withdrawn to the river."
    assert len(split(text)) == 1


@given(st.text(alphabet=st.sampled_from('aAB .!?\n"”U.S')))
def test_no_letter_is_lost_and_spans_run_forward(text):
    spans = split(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert all(any(a <= c and d <= b for a, b in paragraphs(text)) for c, d in spans)
