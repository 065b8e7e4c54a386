"""Hard cases: people whose identity is hard to follow, in life or by what agencies wrote."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth import schema
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.lives import People
from darkfigure.synth.lives.histories import History
from darkfigure.synth.schema import (
    ETHNIC_BACKGROUND,
    FIRST_VERSION,
    HARD_CASE,
    Table,
    coded,
    codes_of,
)

_FALSE = ("alias_given", "birth_date_lied")
_REGISTER = "gp"


def hard_cases(context: RecordingContext, out: Tables) -> pa.Table:
    """List the hard cases among the people of a block.

    Parameters
    ----------
    context
        Recording context of the block.
    out
        Tables by path that agencies have written of the block.

    Returns
    -------
    Columns of `schema.HARD_CASES`, a row a person and case.
    """
    people = context.people
    found = {**_in_life(people), **_in_records(context, out)}
    rows = {name: np.flatnonzero(mark) for name, mark in found.items()}
    case = np.repeat(
        [list(HARD_CASE).index(name) for name in rows], [len(own) for own in rows.values()]
    )
    person = people.person_id[np.concatenate(list(rows.values()))]
    return pa.table({"person_id": person, "hard_case": coded(case, HARD_CASE)})


def _in_life(people: People) -> dict[str, Mask]:
    """Mark who is a hard case before any agency writes."""
    names, numbers, homes = people.names, people.identifiers, people.addresses
    every = len(people.person_id)
    moved_to_study = _caused(homes, "term", every * 2)[:every]
    has_middle = np.bincount(
        names.person, names.columns["middle_name"].is_valid().to_numpy(zero_copy_only=False)
    )
    return {
        "gender": _caused(names, "gender", every),
        "adoption": _caused(names, "adoption", every),
        "confused_number": _caused(numbers, "confused", every),
        "two_numbers": _caused(numbers, "second_number", every),
        "given_birthday": people.given_birthday,
        "refugee": people.refugee,
        "traveller": people.background == list(ETHNIC_BACKGROUND).index("traveller"),
        "deed": _caused(names, "deed", every),
        "two_homes": people.two_homes | moved_to_study,
        "middle_name": people.middle_name_used & (has_middle > 0),
    }


def _caused(history: History, cause: str, count: int) -> Mask:
    """Tell whose history has a version of some cause, shape (count,)."""
    column = history.columns["cause"]
    own = codes_of(column, (cause,)) >= 0
    return np.bincount(history.person[own], minlength=count) > 0


def _in_records(context: RecordingContext, out: Tables) -> dict[str, Mask]:
    """Mark who is a hard case by what agencies wrote."""
    people, end = context.people, context.period.end
    about = _written(schema.RECORD_PERSONS, out)
    on_lists = about.filter(
        pc.and_(
            pc.equal(about["source"].cast(pa.string()), _REGISTER),
            pc.invert(pc.ends_with(about["record_id"], FIRST_VERSION)),
        )
    )
    lists = _counted(people, on_lists)
    faults = _written(schema.ENTRY_FAULTS, out)
    false = faults.filter(pc.is_in(faults["fault"].cast(pa.string()), pa.array(_FALSE)))
    likely = about.filter(pc.is_in(about["record_id"], false["record_id"]))
    lied = likely.filter(pc.is_in(_key(likely), _key(false)))
    return {
        "alias": _counted(people, lied) > 0,
        "registered_twice": lists > 1,
        "lives_on": (lists > 0) & (people.gone_day < end),
    }


def _written(shape: Table, out: Tables) -> pa.Table:
    return pa.concat_tables(out.get(shape.path) or [shape.empty()]).unify_dictionaries()


def _key(rows: pa.Table) -> pa.ChunkedArray:
    """Join the columns that name a record."""
    parts = [rows[name].cast(pa.string()) for name in ("source", "table", "record_id")]
    return pc.binary_join_element_wise(*parts, " ")


def _counted(people: People, about: pa.Table) -> Ints:
    """Count each person's rows, shape (persons,)."""
    order = np.argsort(people.person_id)
    place = np.searchsorted(people.person_id[order], about["person_id"].to_numpy())
    return np.bincount(order[place], minlength=len(order))
