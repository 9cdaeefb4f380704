"""Answers on disk: kept with their day, misses too, and forgotten when they are old or when asked."""

from __future__ import annotations

from pathlib import Path

from geo.gazetteer.answers import Answers, Found

KHERSON = Found(
    place_id="nominatim:relation1", name="Kherson", names=("Kherson", "Херсон"), level="point", lon=32.61, lat=46.64,
    radius_km=12.5, prior=0.6, kind="city", country="UA", admin1="Kherson Oblast", population=283649,
)  # fmt: skip


def test_an_answer_comes_back_as_it_was_whatever_the_case_and_spacing_of_the_name(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers", keep_days=30, clock=lambda: 1000.0)
    answers.put("osm", "Kherson  City", "UA", (KHERSON,))
    kept = answers.get("osm", "kherson city", "UA")
    assert kept is not None
    assert kept.found == (KHERSON,)
    assert kept.asked_at == 1000.0


def test_services_and_countries_have_their_own_answers(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers", keep_days=30)
    answers.put("osm", "Kherson", "UA", (KHERSON,))
    assert answers.get("osm", "Kherson", None) is None
    assert answers.get("geonames", "Kherson", "UA") is None


def test_that_a_service_knows_nothing_is_kept_too(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers", keep_days=30)
    answers.put("osm", "Nowhere", None, ())
    kept = answers.get("osm", "Nowhere", None)
    assert kept is not None
    assert kept.found == ()


def test_an_answer_is_asked_for_anew_after_its_days(tmp_path: Path) -> None:
    now = [1_700_000_000.0]
    answers = Answers(tmp_path / "answers", keep_days=30, clock=lambda: now[0])
    answers.put("osm", "Kherson", None, (KHERSON,))
    now[0] += 29.9 * 86400
    assert answers.get("osm", "Kherson", None)
    now[0] += 0.2 * 86400
    assert answers.get("osm", "Kherson", None) is None
    assert answers.tidy() == 1


def test_with_no_days_to_keep_nothing_is_written(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers", keep_days=0)
    answers.put("osm", "Kherson", None, (KHERSON,))
    assert answers.get("osm", "Kherson", None) is None
    assert not (tmp_path / "answers").exists() or b"Kherson" not in (tmp_path / "answers").read_bytes()


def test_what_was_asked_can_be_forgotten_without_a_trace_in_the_file(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers", keep_days=30)
    answers.put("osm", "Nyzhni Hayi", "UA", (KHERSON,))
    assert answers.clear() == 1
    assert b"nyzhni" not in (tmp_path / "answers").read_bytes().lower()
