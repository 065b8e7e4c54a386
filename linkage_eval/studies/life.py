"""The true life of one person: names, homes, family, violence."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from darkfigure.linkage_eval.records.rows import Rows
from darkfigure.synth.schema import (
    ADDRESS_CAUSE,
    INJURY,
    NAME_CAUSE,
    PLACE,
    POLICE_STATUS,
    RELATION,
    VIOLENCE,
    WEAPON,
)


@dataclass(frozen=True)
class Learned:
    """A source that came to know of an act of violence, and the day."""

    source: str
    day: dt.date


@dataclass(frozen=True)
class Event:
    """An event of a life; `kind` is birth, name, home, harmed or harmer.

    Of harm done to the person, `learned` tells which sources came to know of it, and when.
    """

    day: dt.date
    kind: str
    text: str
    learned: tuple[Learned, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Give the event as plain data, for JSON; days as text."""
        learned = [{"source": one.source, "day": one.day.isoformat()} for one in self.learned]
        return {**asdict(self), "day": self.day.isoformat(), "learned": learned}


@dataclass(frozen=True)
class Life:
    """A person's true life.

    Parameters
    ----------
    name
        The first name that the dataset has of the person.
    sex
        "female" or "male".
    birth_date
        Day of birth.
    area
        Local authority; None where it is not known.
    sampled
        Whether the person is of the sample.
    family
        Relation, name and person id of relatives, at most twelve.
    events
        In order of days.
    """

    name: str
    sex: str
    birth_date: dt.date
    area: str | None
    sampled: bool
    family: tuple[str, ...]
    events: tuple[Event, ...]

    def plain(self) -> dict[str, Any]:
        """Give the life as plain data, for JSON."""
        events = [event.plain() for event in self.events]
        return {**asdict(self), "birth_date": self.birth_date.isoformat(), "events": events}


def read_life(rows: Rows, person: int) -> Life:
    """Read the true life of a person.

    Parameters
    ----------
    rows
        Rows of the dataset.
    person
        Person id, which must be in the dataset.
    """
    facts = rows.where("truth/persons", person_id=person)[0]
    names = sorted(rows.where("truth/names", person_id=person), key=lambda row: row["valid_from"])
    homes = sorted(
        rows.where("truth/addresses", person_id=person), key=lambda row: row["valid_from"]
    )
    events = [Event(facts["birth_date"], "birth", "born")]
    events += [Event(row["valid_from"], "name", _named(row)) for row in names[1:]]
    events += [Event(row["valid_from"], "home", _housed(row)) for row in homes]
    events += [_suffered(rows, row) for row in rows.where("truth/incidents", victim_id=person)]
    events += [_did(row) for row in rows.where("truth/incidents", offender_id=person)]
    return Life(
        name=_name(names[0]),
        sex={"F": "female", "M": "male"}[facts["sex"]],
        birth_date=facts["birth_date"],
        area=facts["local_authority"],
        sampled=facts["sampled"],
        family=_family(rows, person),
        events=tuple(sorted(events, key=lambda event: (event.day, event.kind))),
    )


def _name(row: dict[str, Any]) -> str:
    return " ".join(row[part] for part in ("forename", "middle_name", "surname") if row[part])


def _named(row: dict[str, Any]) -> str:
    return f"now called {_name(row)} ({NAME_CAUSE.get(row['cause'], row['cause'])})"


def _housed(row: dict[str, Any]) -> str:
    where = ", ".join(row[part] for part in ("house", "street", "town", "postcode") if row[part])
    cause = ADDRESS_CAUSE.get(row["cause"], row["cause"])
    return f"{cause}: {where}" if where else str(cause)


def _suffered(rows: Rows, row: dict[str, Any]) -> Event:
    told = [
        phrase
        for column, phrase in (
            ("ed_attended", "went to an emergency department"),
            ("admitted", "admitted"),
            ("gp_consulted", "told the GP"),
            ("school_noticed", "the school noticed"),
        )
        if row.get(column)
    ]
    text = "; ".join([_act(row), f"police: {POLICE_STATUS[row['police_status']]}", *told])
    contacts = rows.where("truth/contacts", incident_id=row["incident_id"])
    learned = sorted((one["learned_at"].date(), one["source"]) for one in contacts)
    return Event(
        row["occurred_at"].date(),
        "harmed",
        text,
        tuple(Learned(source, day) for day, source in learned),
    )


def _did(row: dict[str, Any]) -> Event:
    return Event(
        row["occurred_at"].date(), "harmer", f"harmed person {row['victim_id']}: {_act(row)}"
    )


def _act(row: dict[str, Any]) -> str:
    parts = [VIOLENCE[row["kind"]], PLACE[row["place"]], INJURY[row["injury"]]]
    if row["weapon"] not in (None, "none"):
        parts.append(WEAPON[row["weapon"]])
    return ", ".join(parts)


def _family(rows: Rows, person: int) -> tuple[str, ...]:
    """Describe the family: each relative's relation to the person, name and id."""
    ties = rows.ask(_TIES, person)
    return tuple(
        f"{_THEIRS.get(row['relation'], RELATION.get(row['relation'], row['relation']))} "
        f"{row['called']} ({row['person_id']})"
        for row in ties
    )


# The relation of the other as seen from the person's side.
_THEIRS = {
    "parent": "parent",
    "child": "child",
    "partner": "partner",
    "sibling": "sibling",
    "half_sibling": "half-sibling",
    "step_parent": "step-parent",
    "step_child": "step-child",
    "grandparent": "grandparent",
    "grandchild": "grandchild",
    "former_partner": "former partner",
}
_TIES = """
    SELECT r.person_id, r.relation, arg_min(n.forename || ' ' || n.surname, n.valid_from) AS called
    FROM {truth/relationships} AS r JOIN {truth/names} AS n ON n.person_id = r.person_id
    WHERE r.other_id = ? GROUP BY ALL ORDER BY r.relation, r.person_id LIMIT 12
"""
