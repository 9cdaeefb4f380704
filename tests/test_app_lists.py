"""The list of a selection: in an order over all its pages, in words, with nothing for what is unknown."""

import pandas as pd
import pytest
from crowds import crowd

from geo.app import lists, words
from geo.filters import Filter
from geo.index import Index

EVENTS = crowd(400, places=50)
INDEX = Index.of(EVENTS)
ROWS = INDEX.rows(Filter())


@pytest.mark.parametrize("order", [name for name in words.ORDERS if name != "best"])
def test_an_order_holds_over_the_whole_selection(order):
    told = INDEX.listing(lists.ordered(INDEX, ROWS, order))
    assert sorted(told["event_id"]) == sorted(INDEX.listing(ROWS)["event_id"])
    column, ascending = {
        "newest": ("first_day", False), "oldest": ("first_day", True), "sure": ("confidence", False),
        "told": ("reports", False),
    }[order]  # fmt: skip
    known = told[column].dropna()
    assert known.tolist() == sorted(known, reverse=not ascending)
    assert told[column].isna().tolist() == sorted(told[column].isna())  # what has no day comes last


def test_a_list_is_in_words_and_leaves_empty_what_is_not_known():
    listing = pd.DataFrame(
        {
            "type": ["strike"], "place": ["Kherson"], "admin1": [None], "country": [None], "level": ["point"],
            "confidence": [0.9699],
        }
    )  # fmt: skip
    [row] = lists.shown(listing, list(listing)).to_dict("records")
    assert row == {
        "type": words.TYPES["strike"], "place": "Kherson", "admin1": "", "country": "",
        "level": words.LEVEL_SHORT["point"], "confidence": 0.97,
    }  # fmt: skip
