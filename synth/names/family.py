"""Surnames: Welsh frequencies that differ by region, a tail of rare names, other traditions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.names.bearers import (
    Bearers,
    encoded,
    general_rate,
    name_group_of,
    name_groups,
)
from darkfigure.synth.names.laws import Laws
from darkfigure.synth.names.women import extra_surnames, feminine_patronymics
from darkfigure.synth.reference import load
from darkfigure.synth.schema import FORCES

# Of the names beyond the list, those that families have joined for generations; assumed.
DOUBLE_BARRELLED_RATE = 0.05
# Share of people whose name was joined on marriage or at birth in the simulated lives: families
# with each single name exceed people with it by this share. Computed from the rates of `lives`,
# which are assumed.
JOINED_IN_LIFE_RATE = 0.020
_JOINED_NAMES = 240  # double-barrelled names join two of the commonest
_WELSH_KEPT_RATE = 0.3  # of Welsh surnames drawn for families from elsewhere; assumed
_RARE_OFFSET = 500  # flattens the shares of the rare names; assumed
# Families of Welsh-speaking homes whose surname is a forefather's forename; assumed, so that about
# 0.25 % of the people of Gwynedd bear one with ap or ab, and some more one without.
_PATRONYMIC_RATE = 0.017


def surnames(
    bearers: Bearers, chance: Stream, *, elsewhere: Mask | None = None
) -> pa.DictionaryArray:
    """Draw a surname for each family.

    Parameters
    ----------
    bearers
        `ids` are the families' keys; `sex` and `birth_year` are not used.
    chance
        Stream of the stage; draws are keyed by `ids` and `lineage`.
    elsewhere
        Families from outside Wales: most of their names of Welsh type are drawn once more.

    Returns
    -------
    One surname a row, over `surname_vocabulary()`.

    References
    ----------
    Shares: surnames.csv and surname_regions.csv; the latter's multipliers are rescaled so that
    every name keeps its share of Wales. Names of forefathers: patronymics.csv; other traditions:
    minority_names.csv; both assumed.
    """
    group = name_group_of(bearers, chance).astype(np.int64)
    law = np.where(group, group + len(FORCES) - 1, bearers.force)
    rate = _PATRONYMIC_RATE * bearers.welsh_speaker_rate
    forefathers = ~group.astype(bool) & chance.happens("patronymic", bearers.ids, rate)
    law[forefathers] = len(FORCES) + len(name_groups()) - 1
    codes = _surname_laws().draw(law, chance.uniform("surname", bearers.ids))
    if elsewhere is not None and elsewhere.any():
        replaced = np.flatnonzero(elsewhere & welsh_surnames()[codes])
        replaced = replaced[~chance.happens("keeps_welsh", bearers.ids[replaced], _WELSH_KEPT_RATE)]
        redrawn = chance.uniform("surname", bearers.ids[replaced], draw=1)
        codes[replaced] = _surname_laws().draw(law[replaced], redrawn)
    return encoded(codes, surname_vocabulary())


@cache
def surname_vocabulary() -> pa.StringArray:
    """Give all surnames, in the order of their codes."""
    parts = [
        _listed().names,
        _rare_names(),
        _joined().names,
        _other_names(),
        _patronymics().names,
        extra_surnames(),
    ]
    return pa.array(list(dict.fromkeys(name for part in parts for name in part)))


@cache
def surname_codes(names: tuple[str, ...]) -> Ints:
    """Give the codes of some surnames of the vocabulary.

    Parameters
    ----------
    names
        Surnames, all of the vocabulary.
    """
    return _codes(list(names))


@cache
def first_patronymic() -> int:
    """Give the least code of a surname after ap or ab."""
    return int(_codes([name for name in _patronymics().names if " " in name]).min())


@cache
def last_parts() -> Ints:
    """Give the code of the last part of every double-barrelled name, of the others their own."""
    codes = np.arange(len(surname_vocabulary()))
    names = _joined().names
    codes[_codes(names)] = _codes([name.rsplit("-")[-1] for name in names])
    return codes


@cache
def prefixed_surnames() -> Mask:
    """Tell which entries of the vocabulary name a forefather after ap, ab or ferch."""
    return np.array([" " in name for name in surname_vocabulary().to_pylist()]) & np.isin(
        np.arange(len(surname_vocabulary())),
        _codes([*_patronymics().names, *feminine_patronymics().values()]),
    )


@cache
def welsh_surnames() -> Mask:
    """Tell which entries of the vocabulary are of Welsh type; joined names do not count."""
    listed = _listed()
    welsh = np.zeros(len(surname_vocabulary()), bool)
    welsh[_codes([name for name in listed.names if "-" not in name])] = [
        mark for name, mark in zip(listed.names, listed.welsh, strict=True) if "-" not in name
    ]
    return welsh


@cache
def welsh_surname_names() -> pa.StringArray:
    """List the surnames of Welsh type."""
    return surname_vocabulary().filter(pa.array(welsh_surnames()))


@dataclass(frozen=True)
class _Names:
    names: list[str]
    shares: Floats
    welsh: Mask


@cache
def _listed() -> _Names:
    table = load("surnames")
    shares = table["share"].to_numpy() / general_rate() / (1 - JOINED_IN_LIFE_RATE)
    return _Names(table["surname"].to_pylist(), shares, table["welsh"].to_numpy().astype(bool))


@cache
def _rare_names() -> list[str]:
    """List the names beyond the list, in order of frequency."""
    known = {*_listed().names, *_other_names()}
    return [name for name in load("rare_surnames")["surname"].to_pylist() if name not in known]


@cache
def _patronymics() -> _Names:
    table = load("patronymics")
    names = table["surname"].to_pylist()
    return _Names(names, table["weight"].to_numpy().astype(float), np.zeros(len(names), bool))


@cache
def _joined() -> _Names:
    """Join the commonest names in pairs, never one with itself, as often as chance would."""
    listed = _listed()
    left, right = np.nonzero(~np.eye(_JOINED_NAMES, dtype=bool))
    return _Names(
        [
            f"{listed.names[first]}-{listed.names[second]}"
            for first, second in zip(left, right, strict=True)
        ],
        listed.shares[left] * listed.shares[right],
        np.zeros(len(left), bool),
    )


def _other_names() -> list[str]:
    table = load("minority_names")
    return list(table.filter(pc.field("kind") == "surname")["name"].to_pylist())


@cache
def _surname_laws() -> Laws:
    """Build the general law of each force, the law of each other tradition, and forefathers'."""
    forefathers = np.zeros(len(surname_vocabulary()))
    forefathers[_codes(_patronymics().names)] = _patronymics().shares
    return Laws.of([*_regional(_general_shares()), *_other_shares(), forefathers])


def _general_shares() -> Floats:
    listed, joined, rare = _listed(), _joined(), _rare_names()
    shares = np.zeros(len(surname_vocabulary()))
    shares[_codes(listed.names)] = listed.shares
    beyond = 1 - listed.shares.sum()
    # A pair that is on the list keeps its listed share besides.
    shares[_codes(joined.names)] += joined.shares * (
        beyond * DOUBLE_BARRELLED_RATE / joined.shares.sum()
    )
    fading = 1 / (np.arange(len(rare)) + _RARE_OFFSET)
    shares[_codes(rare)] = fading * (beyond * (1 - DOUBLE_BARRELLED_RATE) / fading.sum())
    return shares


def _regional(shares: Floats) -> Floats:
    """Vary the shares by force (one row each); every name's mean over Wales stays."""
    table, forces = load("surname_regions"), tuple(FORCES)
    residents = _residents_by_force()
    multiplier = np.full((len(forces), len(shares)), np.nan)
    force = [forces.index(name) for name in table["force"].to_pylist()]
    multiplier[force, _codes(table["surname"].to_pylist())] = table["multiplier"].to_numpy()
    regional = shares * multiplier / (residents @ multiplier)
    free = np.isnan(regional).any(axis=0)
    left = 1 - regional[:, ~free].sum(axis=1, keepdims=True)
    regional[:, free] = left * shares[free] / shares[free].sum()
    return np.asarray(regional)


def _residents_by_force() -> Floats:
    table = load("local_authorities").group_by("force").aggregate([("population", "sum")])
    residents = dict(zip(*(column.to_pylist() for column in table.columns), strict=True))
    total = np.array([residents[force] for force in FORCES], float)
    return np.asarray(total / total.sum())


def _other_shares() -> list[Floats]:
    table = load("minority_names")
    laws = []
    for group in name_groups()[1:]:
        own = table.filter((pc.field("name_group") == group) & (pc.field("kind") == "surname"))
        shares = np.zeros(len(surname_vocabulary()))
        shares[_codes(own["name"].to_pylist())] = own["share"].to_numpy()
        laws.append(shares)
    return laws


def _codes(names: list[str]) -> Ints:
    code = _code_of()
    return np.fromiter((code[name] for name in names), np.int64, len(names))


@cache
def _code_of() -> dict[str, int]:
    return {name: code for code, name in enumerate(surname_vocabulary().to_pylist())}
