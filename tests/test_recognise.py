"""Place names are found in the texts that people bring, with and without a model."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from geo.errors import DatelineError
from geo.gazetteer.local import LocalGazetteer
from geo.interfaces import Recogniser
from geo.recognise import judge
from geo.recognise.finding import Tag, with_tags
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kharkiv Region was shelled again, and a man was hurt in Chuhuiv.", ["Kharkiv Region", "Chuhuiv"]),
        ("Fighting went on in Donetsk Region's Bakhmut, the staff said.", ["Donetsk Region", "Bakhmut"]),
        ("Two bulk carriers left the port of Odesa for Tripoli on Sunday.", ["Odesa", "Tripoli"]),
        (
            "Troops retook the villages of Robotyne, Verbove and Novoprokopivka.",
            ["Robotyne", "Verbove", "Novoprokopivka"],
        ),
        ("🔴 Sirens over Mykolaiv and Voznesensk. Alert in Odesa Oblast!", ["Mykolaiv", "Voznesensk", "Odesa Oblast"]),
        ("SHELLING OF KHERSON KILLS TWO, FIRE IN NIKOPOL, GOVERNOR SAYS", ["KHERSON", "NIKOPOL"]),
        ("Cases in Guangzhou, Guangdong province, China, rose to 41.", ["Guangzhou", "Guangdong province", "China"]),
        ("Cases by town: Beni (12), Butembo (9), Goma (3).", ["Beni", "Butembo", "Goma"]),
        ("The man from Al-Hofuf was treated in Dammam for MERS.", ["Al-Hofuf", "Dammam"]),
        ("Snow cut off Mazar-i-Sharif from Kabul for a week.", ["Mazar-i-Sharif", "Kabul"]),
        ("A bus was swept away near Telwatta in Sri Lanka.", ["Telwatta", "Sri Lanka"]),
    ],
)
def test_names_of_outbreaks_and_wars_are_found_however_they_are_written(recogniser, text, expected):
    found = names(recogniser, text)
    assert [name for name in expected if name not in found] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The cruiser Moskva sank after a fire on board.", "Moskva"),
        ("Judge Dale Hamilton sentenced him, and Hamilton left the court.", "Hamilton"),
        ("The Rev. Warren Holland will lead the service.", "Holland"),
        ("Her sons Lincoln and Preston and her niece Charlotte Kent survive her.", "Preston"),
        ("The story was first told by the Jakarta Globe.", "Jakarta"),
        ("Shares of Phoenix Group fell by four per cent.", "Phoenix"),
        ("Marburg virus was ruled out by the laboratory.", "Marburg"),
    ],
)
def test_people_ships_papers_and_firms_called_like_places_are_none(recogniser, text, wrong):
    assert wrong not in names(recogniser, text)


def test_a_word_for_an_area_belongs_to_the_name_in_capitals_too(plain):
    found = plain.find([Report(report_id="r", text="He now heads Sumy Region after years in Primorsky Krai.")])[0]
    assert [m.text for m in found] == ["Sumy Region", "Primorsky Krai"]


def test_a_sign_before_a_name_is_no_part_of_it(model):
    tags = [Tag(0, 10, "ORG")]
    spans_ = with_tags("🚨 Kherson!", [], tags, model._names)
    assert [(s.start, s.end) for s in spans_] == [(2, 9)]


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gunmen attacked a church in the Nigerian capital on Sunday.", ["Nigerian capital"]),
        ("Fire destroyed a market in Nigeria's capital on Sunday.", ["Nigeria's capital"]),
        ("A bomb went off in the Turkish capital, Ankara.", ["Turkish", "Ankara"]),
        ("Limits on Chinese capital flows were lifted.", ["Chinese"]),
    ],
)
def test_the_capital_of_a_people_is_a_place_unless_it_is_named(recogniser, text, found):
    assert [m.text for m in recogniser.find([Report(report_id="r", text=text)])[0]] == found


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


def test_what_was_read_before_changes_no_probability(gazetteer):
    report = Report(
        report_id="r", title="Floods in Assam", text="Guwahati and Silchar were cut off, Assam police said."
    )
    others = [Report(report_id=f"o{i}", text=f"Talks in Kyiv, {name} said.") for i, name in enumerate(("Rome", "Oslo"))]
    fresh = PlainRecogniser(gazetteer, weights=judge.Weights(**parts_of_shipped()))
    first = fresh.find([report])[0]
    fresh.find(others * 3)
    again = fresh.find([*others, report])[-1]
    assert [(m.text, m.score) for m in first] == [(m.text, m.score) for m in again]
    assert first


def parts_of_shipped() -> dict[str, dict[str, float]]:
    kept = judge.shipped("plain")
    return {"first": dict(kept.first), "second": dict(kept.second)}


def test_the_weights_say_which_data_they_came_from():
    assert "passages" in judge.shipped().data


def test_odd_texts_do_no_harm(recogniser):
    for text in ("", " ", "\n\n", "...", "1 2 3", "é" * 50, "A", "¡¿", "the", "—–-", "\u2028", "ПРИВЕТ, Київ!"):
        recogniser.find([Report(report_id="r", text=text)])


def test_a_text_without_capitals_still_has_places(plain):
    text = "police in berlin said on monday that a man from hamburg had been arrested in munich, germany"
    assert {"berlin", "munich", "germany"} <= set(names(plain, text))


def test_a_missing_model_is_told_with_the_remedy(gazetteer):
    with pytest.raises(DatelineError, match="pip install"):
        load("no_such_model")


PACKAGE = """
from spacy.util import load_model_from_init_py

def load(**told):
    return load_model_from_init_py(__file__, **told)
"""


def installed(folder: Path, name: str, make: Callable[[Language], None]) -> None:
    """A spaCy package as pip would install it."""
    nlp = spacy.blank("en")
    nlp.meta["name"] = name.removeprefix("en_")
    make(nlp)
    nlp.initialize()
    package, told = folder / name, folder / f"{name}-0.0.0.dist-info"
    package.mkdir()
    told.mkdir()
    nlp.to_disk(package / f"{name}-0.0.0")
    (package / "meta.json").write_text(json.dumps(nlp.meta))
    (package / "__init__.py").write_text(PACKAGE)
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.0\n")


def finding_by_itself(nlp: Language) -> None:
    nlp.add_pipe("tok2vec")
    nlp.add_pipe("tagger").add_label("NN")
    nlp.add_pipe("ner").add_label("GPE")


def finding_by_another(nlp: Language) -> None:
    nlp.add_pipe("tok2vec")
    reads = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "tok2vec"}
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": reads,
    }
    nlp.add_pipe("ner", config={"model": model}).add_label("GPE")


@pytest.mark.parametrize(
    ("name", "run"),
    [("en_alone", ["ner"]), ("en_fed", ["tok2vec", "ner"])],
)
def test_any_installed_model_can_be_named(tmp_path, monkeypatch, gazetteer, name, run):
    installed(tmp_path, name, finding_by_itself if name == "en_alone" else finding_by_another)
    monkeypatch.syspath_prepend(tmp_path)
    recogniser = ModelRecogniser(gazetteer, name)
    assert recogniser.find([Report(report_id="r", text="Sirens were heard in Kyiv and in Lviv on Monday.")])
    assert recogniser.nlp.pipe_names == run


def test_a_model_that_finds_no_names_is_refused(tmp_path, monkeypatch):
    installed(tmp_path, "en_mute", lambda nlp: nlp.add_pipe("tagger").add_label("NN"))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DatelineError, match="finds no names"):
        load("en_mute")


def test_only_what_finds_names_is_run(model):
    assert model.nlp.pipe_names == ["ner"]
