"""The review log in words: who, when, what, before and after, and why; plain text, nothing here is HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from geo.app import words, words_review
from geo.app.tell import days_told
from geo.escape import plain
from geo.store.rows import days_in

if TYPE_CHECKING:
    from geo.store import Change, Entry

_SHOWN: Final = ("place", "days", "type", "modality")
_MOST: Final = 6  # changes of one entry that are told


def entry_told(entry: Entry, event_id: str | None = None) -> list[str]:
    """One entry of the log as lines: what was done, each change of this event (of any, if none is named), and why."""
    what = words_review.ACTIONS.get(entry.action, entry.action).format(n=entry.undoes)
    when = f"{entry.moment:%Y-%m-%d %H:%M} UTC"
    lines = [words_review.HISTORY_LINE.format(when=when, who=plain(entry.who), what=what)]
    if entry.changes is None:
        lines.append(words_review.ERASED)
    elif event_id is None:
        lines += _of_all(entry)
    else:
        change = entry.changes.get(f"event:{event_id}")
        if change is not None:
            lines += list(_differences(change.before, change.after))[:_MOST]
    if entry.why:
        lines.append(words_review.BECAUSE.format(why=plain(entry.why)))
    return lines


def _of_all(entry: Entry) -> list[str]:
    """What an entry did to each event, under the event's title, how many more there are; which outlet or report."""
    found = [(k, c) for k, c in (entry.changes or {}).items() if k.startswith("event:")]
    lines = [line for k, c in (entry.changes or {}).items() for line in _source(k, c)]
    for _, change in found[:_MOST]:
        told = ((change.after or change.before or {}).get("decided") or {}).get("title", "")
        differs = "; ".join(_differences(change.before, change.after))
        lines.append(": ".join(part for part in (plain(str(told)), differs) if part))
    if len(found) > _MOST:
        lines.append(words_review.MORE.format(n=len(found) - _MOST))
    return [line for line in lines if line]


def _source(record: str, change: Change) -> Iterator[str]:
    """What was said of an outlet, or which report was erased or replaced."""
    kind, _, name = record.partition(":")
    if kind == "report":
        yield plain(words_review.OF_REPORT.format(name=name))
    elif kind == "outlet":
        said = change.after or {}
        home = (said.get("home") or {}).get("name")
        told = ", ".join(str(part) for part in (home, said.get("language"), said.get("zone")) if part)
        yield plain(f"{name}: {told or words_review.NOT_THERE}")


def _differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[str]:
    if before is None or after is None:
        yield _line("claims", _claims(before), _claims(after))
        return
    if before["status"] != after["status"]:
        yield _line("status", words.STATUS_WORDS[before["status"]], words.STATUS_WORDS[after["status"]])
    if len(before["claims"]) != len(after["claims"]):
        yield _line("claims", _claims(before), _claims(after))
    told, now = before.get("decided") or {}, after.get("decided") or {}
    for name in _SHOWN:
        if name in told and name in now and told[name] != now[name]:
            was, becomes = _value(name, told[name]), _value(name, now[name])
            yield _line(name, was, becomes)


def _line(name: str, before: str, after: str) -> str:
    return words_review.FROM_TO.format(field=words_review.FIELD_WORDS[name], before=before, after=after)


def _claims(state: Mapping[str, Any] | None) -> str:
    return words_review.NOT_THERE if state is None else str(len(state["claims"]))


def _value(name: str, told: Any) -> str:
    if name == "place":
        return plain(f"{told['name']} ({told['lat']:.3f}, {told['lon']:.3f})")
    if name == "days":
        return days_told(days_in(told))
    known = words.TYPES if name == "type" else words.MODALITY_WORDS
    return known.get(str(told), plain(str(told)))
