"""What a function gave is remembered, and not without end."""

from __future__ import annotations

from geo.remembered import Remembered


def test_what_was_asked_once_is_not_worked_out_again() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Remembered(length, most=10)
    assert [lengths[word] for word in ("Kyiv", "Oslo", "Kyiv")] == [4, 4, 4]
    assert asked == ["Kyiv", "Oslo"]


def test_no_more_is_kept_than_was_said_and_the_answers_stay_the_same() -> None:
    doubled = Remembered(lambda number: 2 * number, most=3)
    for number in range(20):
        assert doubled[number] == 2 * number
        assert len(doubled) <= 3
