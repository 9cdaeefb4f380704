"""One story told a hundred times, by synonyms, order of sentences, wording of the day and outlet, is one event."""

import random
from datetime import UTC, datetime

import pytest

from geo import merge, standard
from geo.records import Report
from geo.settings import Settings

LEADS = (
    "A missile hit a market in Nikopol {day}",
    "A missile slammed into a market in Nikopol {day}",
    "Rockets struck a market in the town of Nikopol {day}",
    "A rocket attack {day} destroyed a market in Nikopol",
    "Shelling {day} wrecked the market of Nikopol",
    "{Day} a market in Nikopol was hit by a missile",
    "{Day} Russian forces shelled the town of Nikopol and a market burned down",
    "Russian troops fired rockets at a market in Nikopol {day}",
    "A market in Nikopol came under artillery fire {day}",
    "The market of Nikopol was bombed {day}",
)
TOLLS = (
    "Seven people were killed and 40 wounded.",
    "The attack killed seven people and injured 40.",
    "Seven civilians died and 40 others were hurt, officials said.",
    "At least seven people lost their lives, and 40 more were injured, the governor said.",
    "Police said that seven people had been killed and 40 taken to hospital.",
)
MORE = (
    "Rescuers searched the rubble through the night.",
    "Emergency crews went on looking for survivors.",
    "Firefighters put the flames out after three hours.",
    "Traders had just opened their stalls.",
    "It was the deadliest attack on the town this year.",
    "Power was restored by evening.",
)
DAYS = (
    "on Friday", "on November 11", "on Nov. 11, 2022", "on 11 November", "yesterday", "on Friday morning",
    "on the morning of November 11", "on 2022-11-11",
)  # fmt: skip
TITLES = ("Market in Nikopol hit", "Nikopol: seven killed in strike", "Missile strike on Nikopol", "", "Deadly fire")
OUTLETS = tuple(f"Outlet {n}" for n in range(40))
PUBLISHED = datetime(2022, 11, 12, tzinfo=UTC)


def rewrite(number: int) -> Report:
    chance = random.Random(number)
    day = chance.choice(DAYS)
    lead = chance.choice(LEADS).format(day=day, Day=day[0].upper() + day[1:] + ",") + "."
    rest = [chance.choice(TOLLS), *chance.sample(MORE, chance.randint(0, 3))]
    chance.shuffle(rest)
    told = [lead, *rest] if chance.random() < 0.8 else [rest[0], lead, *rest[1:]]
    return Report(
        report_id=f"r{number}", title=chance.choice(TITLES), text=" ".join(told), published=PUBLISHED,
        source=chance.choice(OUTLETS), language="en",
    )  # fmt: skip


@pytest.mark.slow
def test_a_hundred_rewrites_of_one_story_are_one_event(tmp_path):
    reports = {f"r{number}": rewrite(number) for number in range(100)}
    pipeline = standard.pipeline(Settings(home=tmp_path, model="none"))
    told = [event for extraction in pipeline.extract(reports.values()) for event in merge.within(extraction)]
    assert {event.claims[0].report_id for event in told} == reports.keys()
    events = merge.merge(told, reports)
    shown = [(e.type, e.place.name, e.days.first_day, e.days.last_day, e.modality, e.role) for e in events]
    assert len(events) == 1, "\n".join(f"{s}: {e.claims[0].quote.text}" for s, e in zip(shown, events, strict=True))
    assert {c.report_id for c in events[0].claims} == reports.keys()
    assert 1 < len(events[0].origins) <= len({r.source for r in reports.values()})
