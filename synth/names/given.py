"""Given names: by sex and year of birth, Welsh ones by the language of the home."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.names.bearers import (
    Bearers,
    encoded,
    keeps_given_rate,
    name_group_of,
    name_groups,
)
from darkfigure.synth.names.laws import Laws, fading, tilted
from darkfigure.synth.reference import load

_PEAK_REACH = 1.5  # half spans from its peak beyond which a Welsh name is not given; assumed

SEXES = ("F", "M")
FIRST_WALES_COHORT = 1997  # earlier lists are of England and Wales together
# Share of births whose names the Welsh lists count; the others have names of another tradition, or
# a father's; assumed from the shares of `name_groups` among children.
LISTED_BIRTHS_RATE = 0.93
NEIGHBOURS_YEARS = 25  # lists this near feed a list's tail; assumed


def given_names(bearers: Bearers, decision: str, chance: Stream) -> pa.DictionaryArray:
    """Draw a given name for each person.

    Between two published lists the name comes from one of them, the nearer the likelier.

    Parameters
    ----------
    bearers
        `ids` are the persons' ids; `force` is not used.
    decision
        "forename" or "middle_name": names of different decisions are independent.
    chance
        Stream of the stage; draws are keyed by `ids` and `lineage`.

    Returns
    -------
    One name a row, over `given_vocabulary()`.

    References
    ----------
    Shares: given_names.csv, welsh_given_names.csv, rare_given_names.csv; other traditions:
    minority_names.csv and name_groups.csv, assumed.
    """
    group = _tradition(bearers, chance)
    law = np.where(
        group,
        4 * len(_cohorts()) + 2 * (group - 1) + bearers.sex,
        4 * _cohort_of(bearers, decision, chance)
        + 2 * bearers.sex
        + speaks_welsh_at_home(bearers, chance),
    )
    codes = _given_laws().draw(law, chance.uniform(decision, bearers.ids))
    return encoded(codes, given_vocabulary())


@cache
def given_vocabulary() -> pa.StringArray:
    """Give all given names, in the order of their codes."""
    minority = load("minority_names")
    columns = [load(name)["name"] for name in ("given_names", "welsh_given_names")]
    columns.append(load("rare_given_names")["name"])
    columns.append(minority.filter(pc.field("kind") == "given")["name"])
    return pa.array(list(dict.fromkeys(name for column in columns for name in column.to_pylist())))


def _tradition(bearers: Bearers, chance: Stream) -> Ints:
    """Give the group whose given names a family uses: its own or the general one (0)."""
    group = name_group_of(bearers, chance).astype(np.int64)
    other = np.flatnonzero(group)
    rate = keeps_given_rate()[bearers.background[other], group[other]]
    group[other] *= chance.happens("keeps_given_names", bearers.family[other], rate)
    return group


def speaks_welsh_at_home(bearers: Bearers, chance: Stream) -> Mask:
    """Draw whether each home speaks Welsh, and so gives Welsh names.

    Parameters
    ----------
    bearers
        People or families, shape (n,).
    chance
        Stream of the stage; draws are keyed by lineage.
    """
    return chance.happens("welsh_speaking_home", bearers.family, bearers.welsh_speaker_rate)


def _cohort_of(bearers: Bearers, decision: str, chance: Stream) -> Ints:
    """Choose the earlier or later of the two lists around the year of birth."""
    years = np.array(_cohorts())
    year = np.clip(bearers.birth_year, years[0], years[-1])
    after = np.clip(np.searchsorted(years, year), 1, len(years) - 1)
    rate = (year - years[after - 1]) / (years[after] - years[after - 1])
    later = chance.happens(f"{decision}_cohort", bearers.ids, rate)
    return np.asarray(after - 1 + later, np.int64)


@cache
def _cohorts() -> tuple[int, ...]:
    return tuple(sorted(set(load("given_names")["cohort"].to_pylist())))


@cache
def _given_laws() -> Laws:
    """Build the laws by cohort, sex and language of the home, then by group and sex."""
    general = [law for year in _cohorts() for sex in SEXES for law in _by_language(sex, year)]
    table = load("minority_names")
    other = []
    for group in name_groups()[1:]:
        for sex in SEXES:
            own = table.filter((pc.field("name_group") == group) & (pc.field("sex") == sex))
            shares = np.zeros(len(given_vocabulary()))
            shares[_codes(own["name"])] = own["share"].to_numpy()
            other.append(shares)
    return Laws.of([*general, *other])


def _by_language(sex: str, year: int) -> tuple[Floats, Floats]:
    """Give the shares in homes that do not speak Welsh and in homes that do."""
    welsh = _of_sex("welsh_given_names", sex)
    odds = np.ones(len(given_vocabulary()))
    odds[_codes(welsh["name"])] = welsh["speaker_odds_ratio"].to_numpy()
    authorities = load("local_authorities")
    rate = np.average(
        authorities["welsh_speaker_rate"].to_numpy(), weights=authorities["population"].to_numpy()
    )
    return tilted(general_shares(sex, year), odds, float(rate))


def general_shares(sex: str, year: int) -> Floats:
    """Give each vocabulary entry's share of the general births of a listed year.

    The shares are the list's, those of Welsh forms that it lacks or understates, and a tail of
    rarer names.

    Parameters
    ----------
    sex
        "F" or "M".
    year
        Year of a published list.

    Returns
    -------
    Shape (vocabulary,); they sum to 1.
    """
    listed, welsh = _listed(sex, year), _welsh(sex, year)
    lowest = listed[listed > 0].min()
    if year >= FIRST_WALES_COHORT:
        listed = listed / LISTED_BIRTHS_RATE
        shares = np.where(listed > 0, listed, np.minimum(welsh, lowest))
    else:
        room = 1 - np.maximum(listed, welsh)[welsh > 0].sum()
        plain = np.where(welsh > 0, 0, listed) * (room / (1 - listed[welsh > 0].sum()))
        shares = np.where(welsh > 0, np.maximum(listed, welsh), plain)
    tail = [code for code in _tail(sex, year) if not shares[code]]
    shares[tail] = fading(1 - shares.sum(), highest=lowest, size=len(tail))
    return shares


def _listed(sex: str, year: int) -> Floats:
    """Give the listed shares; where a name has an accented form, the two divide the share."""
    table = _of_sex("given_names", sex).filter(pc.field("cohort") == year)
    shares = np.zeros(len(given_vocabulary()))
    shares[_codes(table["name"])] = table["share"].to_numpy()
    welsh = _of_sex("welsh_given_names", sex)
    form, unaccented = _codes(welsh["name"]), _codes(welsh["ascii"])
    peak = welsh["peak_share"].to_numpy()
    both = np.bincount(unaccented, peak, len(shares))[unaccented]
    shares[form] = shares[unaccented] * peak / both
    return shares


def _welsh(sex: str, year: int) -> Floats:
    """Model the shares of Welsh forms: full in the middle of their years, then fading."""
    table = _of_sex("welsh_given_names", sex)
    first, last = table["first_year"].to_numpy(), table["last_year"].to_numpy()
    distance = np.abs(year - (first + last) / 2) / ((last - first) / 2)
    shares = np.zeros(len(given_vocabulary()))
    shares[_codes(table["name"])] = table["peak_share"].to_numpy() * np.clip(
        _PEAK_REACH - distance, 0, 1
    )
    return shares


def _tail(sex: str, year: int) -> list[int]:
    """Order the rarer names: those of the nearest other lists first, then the rare ones."""
    lists, rare = _of_sex("given_names", sex), _of_sex("rare_given_names", sex)
    away = np.abs(lists["cohort"].to_numpy() - year)
    near = np.lexsort((-lists["share"].to_numpy(), away))
    near = near[away[near] <= NEIGHBOURS_YEARS]
    in_use = (rare["first_year"].to_numpy() <= year) & (year <= rare["last_year"].to_numpy())
    codes = [*_codes(lists["name"])[near].tolist(), *_codes(rare["name"])[in_use].tolist()]
    return list(dict.fromkeys(codes))


def _of_sex(table: str, sex: str) -> pa.Table:
    return load(table).filter(pc.field("sex") == sex)


def _codes(names: pa.ChunkedArray) -> Ints:
    code = _code_of()
    return np.fromiter((code[name] for name in names.to_pylist()), np.int64, len(names))


@cache
def _code_of() -> dict[str, int]:
    return {name: code for code, name in enumerate(given_vocabulary().to_pylist())}
