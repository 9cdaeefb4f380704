"""Place names are found in the texts that people bring, with and without a model."""

from __future__ import annotations

from itertools import pairwise

import pytest

from geo.gazetteer.local import LocalGazetteer
from geo.interfaces import Recogniser
from geo.recognise.model import ModelRecogniser, load
from geo.recognise.plain import PlainRecogniser
from geo.records import Mention, Report

_: tuple[type[Recogniser], type[Recogniser]] = (ModelRecogniser, PlainRecogniser)


@pytest.fixture(scope="module")
def gazetteer() -> LocalGazetteer:
    return LocalGazetteer.open()


@pytest.fixture(scope="module")
def plain(gazetteer: LocalGazetteer) -> PlainRecogniser:
    return PlainRecogniser(gazetteer)


@pytest.fixture(scope="module")
def model(gazetteer: LocalGazetteer) -> ModelRecogniser:
    return ModelRecogniser(gazetteer)


@pytest.fixture(scope="module", params=["plain", "model"])
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    return request.getfixturevalue(request.param)


def names(recogniser: Recogniser, text: str, title: str = "") -> list[str]:
    return [m.text for m in recogniser.find([Report(report_id="r", text=text, title=title)])[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The convoy drove from Kharkiv to Izyum on Monday, officials in Kyiv said.", ["Kharkiv", "Izyum", "Kyiv"]),
        ("Shells fell on the Kherson region, the governor said.", ["Kherson region"]),
        ("Students at the University of Aleppo returned to class.", ["Aleppo"]),
        ("He was born in Paris, Texas, and moved to London, Ontario.", ["Paris", "Texas", "London", "Ontario"]),
        ("Fighting went on in Mariupol's eastern districts near Sartana.", ["Mariupol", "Sartana"]),
    ],
)
def test_names_in_plain_sentences_are_found(recogniser, text, expected):
    found = names(recogniser, text)
    assert [name for name in expected if name not in found] == []


def test_a_hyphen_between_two_places_does_not_hide_them(plain):
    assert names(plain, "Trucks queued at the Ukraine-Belarus border near Kyiv.")[:2] == ["Ukraine", "Belarus"]


def test_a_dateline_in_capitals_is_read(plain):
    assert "KHERSON" in names(plain, "KHERSON, Ukraine (AP) -- Troops walked into the city on Friday.")


def test_a_person_called_like_a_town_is_no_place(plain):
    assert "Jackson" not in names(plain, "Mr. Jackson told reporters in Chicago that Janet Jackson would not appear.")


def test_titles_come_first_and_every_offset_fits(recogniser):
    report = Report(report_id="r", title="Flood in Libya", text="Rain broke two dams above Derna in eastern Libya.")
    mentions = recogniser.find([report])[0]
    assert mentions[0].field == "title"
    assert all(report.field(m.field)[m.start : m.end] == m.text for m in mentions)
    assert [(m.field != "title", m.start) for m in mentions] == sorted((m.field != "title", m.start) for m in mentions)


def test_no_mention_overlaps_another(recogniser):
    text = "The Kherson Regional State Administration in Kherson and the Azov Sea port of Mariupol, Donetsk region."
    mentions = recogniser.find([Report(report_id="r", text=text)])[0]
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_peoples_are_found_and_told_apart_from_their_countries(plain):
    found: list[Mention] = plain.find([Report(report_id="r", text="The Russian army left; Russia said nothing.")])[0]
    assert [(m.text, m.label == "demonym") for m in found] == [("Russian", True), ("Russia", False)]


def test_the_same_report_yields_the_same_in_any_company(recogniser):
    reports = [
        Report(report_id=f"r{i}", text=text)
        for i, text in enumerate(
            [
                "Talks opened in Geneva.",
                "A quake struck near Herat, Afghanistan.",
                "Nothing here.",
                "",
                "Odesa was hit.",
            ]
        )
    ]
    together = recogniser.find(reports)
    alone = [recogniser.find([r])[0] for r in reports]
    backwards = recogniser.find(reports[::-1])[::-1]
    assert together == alone == backwards


def test_odd_texts_do_no_harm(recogniser):
    for text in ("", " ", "\n\n", "...", "1 2 3", "é" * 50, "A", "¡¿", "the", "—–-", "\u2028", "ПРИВЕТ, Київ!"):
        recogniser.find([Report(report_id="r", text=text)])


def test_a_text_without_capitals_still_has_places(plain):
    text = "police in berlin said on monday that a man from hamburg had been arrested in munich, germany"
    assert {"berlin", "munich", "germany"} <= set(names(plain, text))


def test_a_missing_model_is_told_with_the_remedy(gazetteer):
    from geo.errors import DatelineError

    with pytest.raises(DatelineError, match="pip install"):
        load("no_such_model")


def test_only_what_finds_names_is_run(model):
    assert model.nlp.pipe_names == ["ner"]
