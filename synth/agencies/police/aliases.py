"""Aliases: former names of a nominal, nicknames, and names given falsely."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth import names
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables
from darkfigure.synth.agencies.police.codes import ALIAS_KIND
from darkfigure.synth.agencies.police.nominals import Opened, store_tables
from darkfigure.synth.agencies.police.numbers import INTELLIGENCE_STORE, nominal_references
from darkfigure.synth.agencies.police.put import put
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.entry.faults.variants import of_wales
from darkfigure.synth.lives import People
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.geography import wales

_FORMER, _NICKNAME, _FALSE = range(3)
_FALSE_RATE = 0.3  # share of false names among aliases that are no former name; assumed


def write_aliases(context: RecordingContext, opened: Opened, spec: Police, out: Tables) -> None:
    """Write the aliases of some nominals of one store; the intelligence store keeps none.

    People who had another surname before are often known by it; others go by a nickname, or once
    gave a false name.

    Parameters
    ----------
    context
        Recording context of the block.
    opened
        The nominals.
    spec
        Rates of aliases.
    out
        Receives the table.
    """
    if opened.store == INTELLIGENCE_STORE:
        return
    chance = context.chance.stage("police")
    rate = np.where(opened.suspected, spec.alias_suspect_rate, spec.alias_rate)
    has = np.flatnonzero(chance.happens("alias", opened.nominal, rate))
    if not len(has):
        return
    ids, row, day = opened.nominal[has], opened.row[has], opened.known_on[has]
    history = context.people.names
    now = {name: _text(history.value(name, history.at(row, day))) for name in _PARTS}
    then = _text(history.value("surname", history.at(row, np.full(len(row), -(1 << 18)))))
    kind = np.where(chance.happens("false_name", ids, _FALSE_RATE), _FALSE, _NICKNAME)
    kind[pc.not_equal(now["surname"], then).to_numpy(zero_copy_only=False)] = _FORMER
    short = of_wales().short.other(now["forename"], chance.uniform("nickname", ids))
    false = _text(names.surnames(_bearers(context.people, row, ids), chance.stage("false")))
    surname = [then, now["surname"], false]
    forename = [now["forename"], short, now["forename"]]
    place = kind * len(has) + np.arange(len(has))
    table = pa.table(
        {
            "nominal_ref": nominal_references(ids, opened.store, chance),
            "alias_no": pa.array(["1"] * len(has), pa.string()),
            "kind": coded(kind, ALIAS_KIND),
            "alias_forename": pa.concat_arrays(forename).take(pa.array(place)),
            "alias_surname": pa.concat_arrays(surname).take(pa.array(place)),
        }
    )
    same = pc.and_(
        pc.equal(table["alias_forename"], now["forename"]),
        pc.equal(table["alias_surname"], now["surname"]),
    )
    force, _ = store_tables(opened.store)
    put(force, "nominal_aliases", table.filter(pc.invert(same)), out)


_PARTS = ("forename", "surname")


def _text(column: pa.Array) -> pa.StringArray:
    return column.cast(pa.string())


def _bearers(people: People, row: Ints, ids: Ints) -> names.Bearers:
    """Describe people who give a false name: it is drawn as any family's of the place."""
    geography, lsoa = wales(), people.lsoa[row]
    return names.Bearers(
        ids=ids,
        sex=people.sex[row].astype(np.int8),
        birth_year=np.zeros(len(row), np.int16),
        background=people.background[row].astype(np.int8),
        welsh_speaker_rate=geography.welsh_speaker_rate[lsoa],
        force=geography.force[lsoa].astype(np.int8),
    )
