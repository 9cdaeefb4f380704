"""Review: people's decisions on events and names, each an entry of the log, each to be taken back.

A decision changes claims, names, pairs of claims (kept apart or together) and the status of events; the events follow
from these (`deriving.py`). So taking a decision back is to put those records as they were and to work the events out
anew. Where somebody has decided something else on the same record since, that must be taken back first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

from sqlalchemy import delete, insert, select, update

from geo.errors import NotFound, StoreError
from geo.outlets import Outlet
from geo.records import Claim, Days, Event, EventType, Modality, Place, Role, Status
from geo.store import log, outlets, rows, said, telling
from geo.store.deriving import DECIDED, UNREVIEWED, Changed, Verdict, derive
from geo.store.log import Change, Entry, State
from geo.store.reading import Reader
from geo.store.schema import claim_mentions, claims, events, mentions, pairs, reports
from geo.store.writing import Writer

Action = Literal["accept", "reject", "dispute", "reopen", "note", "correct", "merge", "split", "tell", "hide"]
Hidden = Literal["", "coarsen", "remove"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
STATUS_OF: Final[dict[str, Status]] = {
    "accept": "accepted",
    "reject": "rejected",
    "dispute": "disputed",
    "reopen": "unreviewed",
}
LASTING: Final = frozenset({"note", "join", "erase", "replace", "read"})  # entries that are not taken back
_CLAIM: Final = ("type", "subtype", "role", "modality", "first_day", "last_day", "date_basis", "edtf", "day_words")
_MENTION: Final = ("confidence", "reason", "role", "modality", "decided")
_SAID: Final = ("outlet", "publish")
SURE: Final = 1.0  # a person's choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decides, and on what.

    `event_ids` are the events it is about; `claim_ids` narrow a correction to some claims, and name what a split takes
    out. A correction gives those of place, days, type, role and modality that are to change; `accept` accepts what it
    leads to as well. `why` is the reason or the note. `names` are names that were set aside ("FIELD:START:REPORT_ID"):
    a correction chooses their place, "tell" says that something of a type happened there. `hidden` is how "hide" wants
    the coordinates of the events when they are published: coarse, or removed; "" shows them again.
    """

    who: str
    action: Action
    event_ids: tuple[str, ...] = ()
    claim_ids: tuple[str, ...] = ()
    place: Place | None = None
    days: Days | None = None
    type: EventType | None = None
    role: Role | None = None
    modality: Modality | None = None
    accept: bool = False
    why: str = ""
    names: tuple[str, ...] = ()
    hidden: Hidden = ""

    def __post_init__(self) -> None:
        if not self.who.strip():
            raise ValueError("a decision needs somebody who made it")
        if self.action not in ACTIONS:
            raise ValueError(f"no such action: {self.action!r}; there are {', '.join(ACTIONS)}")


def decide(writer: Writer, decision: Decision) -> int:
    """Carry a decision out and write it into the log; the number of the entry."""
    if decision.names:
        return _carry_out(
            writer, _of_names(writer, decision), who=decision.who, action=decision.action, why=decision.why
        )
    about = _about(writer.read, decision)
    if decision.action == "note":
        states = {f"event:{e.event_id}": _printed(writer.read, e) for e in about}
        same = {record: Change(before=state, after=state) for record, state in states.items()}
        return log.append(writer, who=decision.who, action="note", why=decision.why, changes=same)
    targets = _targets(writer, decision, about)
    return _carry_out(writer, targets, who=decision.who, action=decision.action, why=decision.why)


def say_of_outlet(writer: Writer, outlet: Outlet, who: str, why: str = "") -> int:
    """Say where an outlet is at home, its language and its time zone; the number of the entry."""
    told = {f"outlet:{outlet.name}": outlets.outlet_out(outlet)}
    return _carry_out(writer, told, who=who, action="outlet", why=why)


def undo(writer: Writer, seq: int | None, who: str, why: str = "") -> int:
    """Take an entry back, the last one that stands if none is named; the number of the new entry."""
    standing = log.standing(writer.conn)
    entry = next((e for e in standing if _to_undo(e) and (seq is None or e.seq == seq)), None)
    if entry is None:
        raise StoreError(_why_not(writer, seq))
    return _take_back(writer, entry, who=who, action="undo", why=why)


def redo(writer: Writer, seq: int | None, who: str, why: str = "") -> int:
    """Take an undo back, the last one if no entry that it undid is named; the number of the new entry."""
    standing = log.standing(writer.conn)
    entry = next((e for e in standing if e.action == "undo" and (seq is None or e.undoes == seq)), None)
    if entry is None:
        raise StoreError("there is nothing to redo" if seq is None else f"entry {seq} of the log is not undone")
    return _take_back(writer, entry, who=who, action="redo", why=why)


def joined(writer: Writer, changed: Iterable[Changed], who: str = log.MACHINE) -> None:
    """Write into the log what befell reviewed events beside a decision on them, so that they stay bound to it."""
    told = {}
    for before, after in changed:
        old = None if before is None else _event_state(before)
        new = None if after is None else _printed(writer.read, after)
        named = after or before
        if named is not None:
            told[f"event:{named.event_id}"] = Change(before=old, after=new)
    if told:
        log.append(writer, who=who, action="join", changes=told)


def verify(reader: Reader) -> str:
    """The first entry or record that is not as the program left it, in words; "" where all is as it was written."""
    return log.broken(reader.conn) or _altered(reader)


# --- carrying out ----------------------------------------------------------------------------------------------------


def _to_undo(entry: Entry) -> bool:
    return entry.action not in LASTING and entry.action != "undo"


def _why_not(writer: Writer, seq: int | None) -> str:
    if seq is None:
        return "there is nothing to undo"
    entry = log.entry(writer.conn, seq)
    if _to_undo(entry):
        return f"entry {seq} of the log is undone already"
    return f"entry {seq} of the log ({entry.action}) cannot be undone"


def _take_back(writer: Writer, entry: Entry, *, who: str, action: str, why: str) -> int:
    if entry.changes is None:
        raise StoreError(f"entry {entry.seq} of the log cannot be taken back: what it says was erased")
    for record, change in entry.changes.items():
        if not _stands(writer.read, record, change.after):
            later = log.last_touch(writer.conn, record)
            raise StoreError(f"{record} was changed since, in entry {later} of the log; take that back first")
    targets = {record: change.before for record, change in entry.changes.items()}
    return _carry_out(writer, targets, who=who, action=action, why=why, undoes=entry.seq)


def _carry_out(
    writer: Writer, targets: Mapping[str, State], *, who: str, action: str, why: str, undoes: int | None = None
) -> int:
    """Put records as the targets say, work the events out anew, and write what changed into the log."""
    before = {record: _state(writer.read, record) for record in targets}
    touched: set[str] = set()
    verdicts = []
    going = {r.partition(":")[2] for r, state in targets.items() if r.startswith("made:") and state is None}
    for record, state in sorted(targets.items(), key=_in_turn):
        kind, _, key = record.partition(":")
        if kind == "event":
            verdicts.append(_verdict(writer, key, state))
            for told in (state, before[record]):
                touched.update(told["claims"] if told else ())
        elif key not in going:
            touched |= _put(writer, kind, key, state)
    leaving = list(writer.read.claims(going).values())
    seeds = _whole_reports(writer.read, touched | going)
    changed = derive(writer, [c for c in seeds if c.claim_id not in going], verdicts, leaving=leaving)
    telling.drop(writer, leaving)
    after = {record: _state(writer.read, record) for record in targets}
    for old, new in changed:
        named = new or old
        if named is None or f"event:{named.event_id}" in after:
            continue
        record = f"event:{named.event_id}"
        before.setdefault(record, None if old is None else _event_state(old))
        after[record] = None if new is None else _printed(writer.read, new)
    changes = {record: Change(before=before[record], after=after[record]) for record in after}
    return log.append(writer, who=who, action=action, why=why, undoes=undoes, changes=changes)


def _in_turn(target: tuple[str, State]) -> tuple[bool, bool]:
    """Names before the claims made of them, and these before what is said of claims."""
    return not target[0].startswith("mention:"), not target[0].startswith("made:")


def _put(writer: Writer, kind: str, key: str, state: State) -> set[str]:
    """Put a claim, a mention or a pair as it should be; the claim_ids that this touches."""
    if kind == "pair":
        a, b = key.split("|")
        writer.conn.execute(delete(pairs).where(pairs.c.a == a, pairs.c.b == b))
        if state is not None:
            writer.conn.execute(insert(pairs).values(a=a, b=b, kind=state["kind"]))
        return {a, b}
    if kind in _SAID:
        said.put(writer, f"{kind}:{key}", state)
        return set()
    if kind == "skip":
        telling.put_skip(writer, key, state)
        return set()
    if state is None:
        raise StoreError(f"{kind} {key!r} is not there any more")
    if kind == "made":
        telling.put_made(writer, key, dict(state))
        return {key}
    values = {name: value for name, value in state.items() if name not in ("place", "versions")}
    values["place"] = None if state["place"] is None else writer.place(rows.place_in(state["place"]))
    if kind == "claim":
        writer.conn.execute(update(claims).where(claims.c.claim_id == key).values(values))
        return {key}
    row_id = telling.row_of(writer.read, key)
    writer.conn.execute(update(mentions).where(mentions.c.id == row_id).values(values))
    for claim_id, body in state["versions"].items():
        rest = select(claims.c.id).where(claims.c.claim_id == claim_id).scalar_subquery()
        link = update(claim_mentions).where(claim_mentions.c.mention == row_id, claim_mentions.c.claim == rest)
        writer.conn.execute(link.values(body=body))
    return set(state["versions"])


def _verdict(writer: Writer, event_id: str, state: State) -> Verdict:
    if state is None:
        return Verdict(event_id, UNREVIEWED, ())
    decided = state["decided"]
    told = None
    if decided is not None:
        told = {**decided, "place": rows.place_in(decided["place"]), "days": rows.days_in(decided["days"])}
        writer.put_places([told["place"]])
    return Verdict(event_id, state["status"], tuple(state["claims"]), told)


def _whole_reports(reader: Reader, claim_ids: Iterable[str]) -> list[Claim]:
    """All claims of the reports that these claims belong to, but of those that a newer version has replaced."""
    touched = reader.claims(claim_ids)
    return reader.claims_of_reports({c.report_id for c in touched.values()})


# --- what a decision is to change ------------------------------------------------------------------------------------


def _about(reader: Reader, decision: Decision) -> list[Event]:
    found = [reader.event(event_id) for event_id in decision.event_ids]
    if not found and decision.claim_ids:
        held = select(events.c.event_id).join(claims, claims.c.event == events.c.id)
        ids = reader.conn.execute(held.where(claims.c.claim_id.in_(decision.claim_ids)).distinct()).scalars()
        found = [reader.event(event_id) for event_id in sorted(ids)]
    if not found:
        raise NotFound("the decision names no event or claim of this store")
    return found


def _targets(writer: Writer, decision: Decision, about: Sequence[Event]) -> dict[str, State]:
    if decision.action in STATUS_OF:
        status = STATUS_OF[decision.action]
        return {f"event:{e.event_id}": {**_event_state(e), "status": status} for e in about}
    if decision.action == "correct":
        return _correction(writer, decision, about)
    if decision.action == "hide":
        return _hiding(decision, about)
    if decision.action == "merge":
        return _merging(decision, about)
    return _splitting(decision, about)


def _edited(event: Event, *, accept: bool) -> dict[str, Any]:
    """An event's state after an edit: corrected if the editor accepts it, else to be reviewed again."""
    status = "corrected" if accept else UNREVIEWED
    return {**_event_state(event), "status": status, "decided": None}


def _correction(writer: Writer, decision: Decision, about: Sequence[Event]) -> dict[str, State]:
    held = {c.claim_id: c for e in about for c in e.claims}
    chosen = [held[c] for c in decision.claim_ids if c in held] if decision.claim_ids else list(held.values())
    targets: dict[str, State] = {f"event:{e.event_id}": _edited(e, accept=decision.accept) for e in about}
    for claim in chosen:
        was = _state(writer.read, f"claim:{claim.claim_id}")
        if was is None:
            raise StoreError(
                f"claim {claim.claim_id!r} came from a table, without its report; only its status can be decided"
            )
        targets[f"claim:{claim.claim_id}"] = {**was, **_changes(decision)}
        if decision.place is not None:
            named = claim.mentions[0]
            record = f"mention:{named.field}:{named.start}:{claim.report_id}"
            targets[record] = _chosen(_state(writer.read, record) or {}, decision, decision.place)
    return targets


def _of_names(writer: Writer, decision: Decision) -> dict[str, State]:
    """What a decision on names that were set aside is to change."""
    place = decision.place
    if decision.action not in ("correct", "tell") or place is None:
        raise StoreError("names that were set aside can be given a place, or told of with a place")
    targets: dict[str, State] = {}
    for key in decision.names:
        was = _state(writer.read, f"mention:{key}")
        if was is None:
            raise NotFound(f"there is no name at {key!r} in this store")
        chosen = _chosen(was, decision, place)
        if decision.role or decision.action == "tell":
            chosen["role"] = decision.role or "place"
        if decision.action == "tell":
            told = telling.telling(writer.read, key, decision.type or "other", decision.days or Days(), place)
            claim_ids = [r.partition(":")[2] for r in told if r.startswith("made:")]
            chosen["versions"] |= dict.fromkeys(claim_ids)
            targets |= told
        targets[f"mention:{key}"] = chosen
    return targets


def _chosen(was: Mapping[str, Any], decision: Decision, place: Place) -> dict[str, Any]:
    """A name's state once a person has chosen its place."""
    why = f"chosen by {decision.who}" + (f": {decision.why}" if decision.why else "")
    told = {"place": rows.place_out(place), "confidence": SURE, "reason": why, "decided": decision.who}
    return {**was, **told, "versions": dict.fromkeys(was["versions"])}


def _changes(decision: Decision) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if decision.place is not None:
        told["place"] = rows.place_out(decision.place)
    if decision.days is not None:
        told |= rows.days_out(decision.days)
    if decision.type is not None:
        told |= {"type": decision.type, "subtype": ""}
    for name in ("role", "modality"):
        if (value := getattr(decision, name)) is not None:
            told[name] = value
    if not told:
        raise StoreError("a correction must give a place, days, a type, a role or a modality")
    return told


def _merging(decision: Decision, about: Sequence[Event]) -> dict[str, State]:
    if len({e.event_id for e in about}) < 2:
        raise StoreError("to merge, name two events or more")
    first, *others = about
    whole = replace(first, claims=tuple(c for e in about for c in e.claims))
    targets: dict[str, State] = {f"event:{first.event_id}": _edited(whole, accept=decision.accept)}
    targets |= {f"event:{e.event_id}": None for e in others}
    for n, one in enumerate(about):
        for other in about[n + 1 :]:
            targets |= {_pair(a, b): None for a in one.claims for b in other.claims}
    targets |= {_pair(first.claims[0], e.claims[0]): {"kind": "together"} for e in others}
    return targets


def _hiding(decision: Decision, about: Sequence[Event]) -> dict[str, State]:
    """How coarse events leave is said of their claims, which stay what they are when events change."""
    how = {"how": decision.hidden} if decision.hidden else None
    return {f"event:{e.event_id}": _event_state(e) for e in about} | {
        f"publish:{c.claim_id}": how for e in about for c in e.claims
    }


def _splitting(decision: Decision, about: Sequence[Event]) -> dict[str, State]:
    (event,) = about[:1]
    out = [c for c in event.claims if c.claim_id in decision.claim_ids]
    rest = [c for c in event.claims if c.claim_id not in decision.claim_ids]
    if not out or not rest:
        raise StoreError(f"a split of {event.event_id!r} must leave claims on both sides")
    targets: dict[str, State] = {
        f"event:{event.event_id}": _edited(replace(event, claims=tuple(rest)), accept=decision.accept)
    }
    targets |= {_pair(a, b): {"kind": "apart"} for a in out for b in rest}
    return targets


def _pair(one: Claim, other: Claim) -> str:
    a, b = sorted((one.claim_id, other.claim_id))
    return f"pair:{a}|{b}"


# --- records and their states ----------------------------------------------------------------------------------------


def _state(reader: Reader, record: str) -> State:
    """What of a record may change, as it is now; None where it is not there."""
    kind, _, key = record.partition(":")
    if kind == "event":
        row_id = reader.conn.execute(select(events.c.id).where(events.c.event_id == key)).scalar()
        return None if row_id is None else _printed(reader, reader.events([row_id])[row_id])
    if kind in _SAID:
        return said.state(reader, record)
    if kind not in _STATES:
        raise StoreError(f"no such kind of record: {record!r}")
    return _STATES[kind](reader, key)


def _pair_state(reader: Reader, key: str) -> State:
    a, b = key.split("|")
    found = reader.conn.execute(select(pairs.c.kind).where(pairs.c.a == a, pairs.c.b == b)).scalar()
    return None if found is None else {"kind": found}


def _claim_state(reader: Reader, claim_id: str) -> State:
    return _row_state(reader, select(claims).where(claims.c.claim_id == claim_id), _CLAIM)


def report_state(reader: Reader, report_id: str) -> State:
    """Whether a report was erased, and which newer version replaced it."""
    newer = reports.alias()
    chosen = select(reports.c.erased, newer.c.report_id).join(newer, reports.c.successor == newer.c.id, isouter=True)
    row = reader.conn.execute(chosen.where(reports.c.report_id == report_id)).first()
    return None if row is None else {"erased": row.erased, "successor": row.report_id}


def _row_state(reader: Reader, chosen: Any, names: Sequence[str]) -> State:
    row = reader.conn.execute(chosen).mappings().first()
    if row is None:
        return None
    place = None if row["place"] is None else rows.place_out(reader.place(row["place"]))
    return {name: row[name] for name in names} | {"place": place}


def _mention_state(reader: Reader, row_id: int | None) -> State:
    """What may change of a name, and how the claims that rest on it tell it where they differ."""
    state = _row_state(reader, select(mentions).where(mentions.c.id == row_id), _MENTION)
    chosen = select(claims.c.claim_id, claim_mentions.c.body).join(claim_mentions)
    told = reader.conn.execute(chosen.where(claim_mentions.c.mention == row_id).order_by(claims.c.claim_id))
    return None if state is None else {**state, "versions": {row.claim_id: row.body for row in told}}


_STATES: Final[Mapping[str, Callable[[Reader, str], State]]] = {
    "pair": _pair_state,
    "report": report_state,
    "claim": _claim_state,
    "mention": lambda reader, key: _mention_state(reader, telling.row_of(reader, key)),
    "made": telling.made_state,
    "skip": telling.skip_state,
}


def _event_state(event: Event) -> dict[str, Any]:
    decided: dict[str, Any] = {name: getattr(event, name) for name in DECIDED}
    decided |= {"place": rows.place_out(event.place), "days": rows.days_out(event.days)}
    return {"status": event.status, "claims": [c.claim_id for c in event.claims], "decided": decided}


def _printed(reader: Reader, event: Event) -> dict[str, Any]:
    return {**_event_state(event), "print": fingerprint(reader, event)}


def fingerprint(reader: Reader, event: Event) -> str:
    """A hash of all that an event says and rests on: its row, its claims and names, the words of its reports."""
    row = dict(reader.conn.execute(select(events).where(events.c.event_id == event.event_id)).mappings().one())
    told = {name: value for name, value in row.items() if name not in ("id", "since", "place_row")}
    if told["role"] == "place":
        del told["role"]  # as in hashes taken before there was the column
    words = [
        rows.report_hash(report) for _, report in sorted(reader.reports({c.report_id for c in event.claims}).items())
    ]
    return rows.digest([told, repr(event), words])


def _stands(reader: Reader, record: str, after: State) -> bool:
    """Whether a record is still as an entry left it; claims that an event has gained since do not count."""
    now = _state(reader, record)
    if not record.startswith("event:") or now is None or after is None:
        return now == after or (record.startswith("event:") and _unreviewed(now) and _unreviewed(after))
    return bool(now["status"] == after["status"]) and (_unreviewed(now) or bool(now["decided"] == after["decided"]))


def _unreviewed(state: State) -> bool:
    return state is None or state["status"] == UNREVIEWED


def _altered(reader: Reader) -> str:
    """The first record that is not as the last entry on it left it."""
    seen: set[str] = set()
    for entry in log.entries(reader.conn):
        for record, change in (entry.changes or {}).items():
            if record in seen or record == "log":
                continue
            seen.add(record)
            now = _state(reader, record)
            if not _as_left(record, now, change.after):
                name = record.replace(":", " ", 1)
                left = f"entry {entry.seq} of the log ({entry.action} by {entry.who}) left it"
                return f"{name} was changed outside the program: it is not as {left}"
    chosen = select(events.c.event_id).where(events.c.status != UNREVIEWED, events.c.place_row.is_not(None))
    for event_id in reader.conn.execute(chosen.order_by(events.c.id)).scalars():
        if f"event:{event_id}" not in seen:
            return f"event {event_id} was reviewed outside the program: no entry of the log speaks of it"
    return ""


def _as_left(record: str, now: State, after: State) -> bool:
    if not record.startswith("event:"):
        return now == after
    if _unreviewed(now) and _unreviewed(after):
        return True
    return now is not None and after is not None and now["print"] == after.get("print")
