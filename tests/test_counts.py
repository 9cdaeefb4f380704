"""Numbers of people, as news tells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.counts import find, said_by

TOLD = [
    ("Seven killed, nine wounded in shelling", [("killed", 7, 7, 7), ("injured", 9, 9, 9)]),
    ("Four civilians had been killed and 10 wounded.", [("killed", 4, 4, 4), ("injured", 10, 10, 10)]),
    ("The fire swept the block, killing at least one person.", [("killed", 1, 1, None)]),
    ("At least seven people died.", [("killed", 7, 7, None)]),
    ("The bombs killed 258 people, including 12 Americans.", [("killed", 258, 258, 258)]),
    ("It injured more than 5,500 people.", [("injured", 5500, 5500, None)]),
    ("Dozens were wounded.", [("injured", 24, None, 99)]),
    ("More than 300 evacuated overnight.", [("evacuated", 300, 300, None)]),
    ("The death toll rose to 40.", [("killed", 40, 40, 40)]),
    ("The attack left 12 people dead and 30 to 40 injured.", [("killed", 12, 12, 12), ("injured", 30, None, 40)]),
    ("About 50 people were hurt.", [("injured", 45, 50, 55)]),
    ("Up to 20 were killed.", [("killed", None, 20, 20)]),
    ("A woman was killed.", [("killed", 1, 1, 1)]),
    ("Twenty-one people died.", [("killed", 21, 21, 21)]),
    ("A dozen protesters were arrested.", [("captured", 12, 12, 12)]),
    ("Tens of thousands fled.", [("displaced", 20000, None, 99999)]),
    ("The army captured 20 tanks.", []),
    ("Nobody was hurt.", []),
    ("On May 9 he was killed.", []),
    ("A 34-year-old woman was killed.", [("killed", 1, 1, 1)]),
    ("No one was hurt.", []),
    ("1.5 million people have been displaced.", [("displaced", 1500000, 1500000, 1500000)]),
    ("Between 20 and 30 soldiers were killed.", [("killed", 20, None, 30)]),
    ("It killed 3,000 and left 900 homeless.", [("killed", 3000, 3000, 3000), ("displaced", 900, 900, 900)]),
    ("The number of killed has increased to 425.", [("killed", 425, 425, 425)]),
    ("Three people, including a child, died.", [("killed", 3, 3, 3)]),
    (
        "The number of people killed when missiles struck the station had grown to 50 by Friday.",
        [("killed", 50, 50, 50)],
    ),
    ("Toll in station strike reaches 50", [("killed", 50, 50, 50)]),
    ("The death toll from the quake in Haiti has risen to more than 200.", [("killed", 200, 200, None)]),
    ("The toll in the north rose by 7.", []),
    ("The toll mounted, and temperatures reached 40.", []),
    ("The toll in damage reached 30 million dollars.", []),
    ("The number of tanks had grown to 50.", []),
    ("A number of soldiers were killed when the price of bread rose to 50 hryvnias.", []),
    ("A number of civilians were killed when temperatures rose to 40 degrees.", []),
    ("A large number of people were injured before police stood at 12 checkpoints.", []),
    ("The number of attacks on wounded soldiers rose to 9.", []),
    ("The number of flights that evacuated people reached 30.", []),
    ("The number of people killed per 100,000 rose to 12.", []),
    ("The toll on the economy reached 5 billion.", []),
    ("The road toll near Lviv rose to 50 hryvnias.", []),
    ("The death toll in the city which stood at 12 on Monday rose to 40.", []),
]


@pytest.mark.parametrize(("text", "told"), TOLD)
def test_a_count_has_low_best_and_high(text, told):
    assert [(c.kind, c.low, c.best, c.high) for c in find(text)] == told


def test_a_count_keeps_its_words_and_who_said_so():
    (count,) = find("At least seven people were killed, the regional governor said.")
    assert count.words == "At least seven people were killed"
    assert count.said_by == "the regional governor"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Two people died, according to the city council.", "the city council"),
        ("The mayor said two people died.", "The mayor"),
        ('"Two died," said Oleh Petrenko, the governor.', "Oleh Petrenko"),
        ("The toll was 50, the governor of the region, Ann Lee, said.", "Ann Lee"),
        ("The governor, Ann Lee, said that two people died.", "Ann Lee"),
        ("Two people died, she said.", "she"),
        ("Two people died.", ""),
    ],
)
def test_who_says_so_is_told(text, speaker):
    assert said_by(text) == speaker


@given(st.text(max_size=200))
def test_no_text_breaks_the_counting_and_the_words_are_verbatim(text):
    for count in find(text):
        assert count.words in text
        assert count.low is None or count.high is None or count.low <= count.high
    assert said_by(text) in text
