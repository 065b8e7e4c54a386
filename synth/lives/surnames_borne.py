"""Surnames of everybody in a block over time: from family, marriage, separation and deed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.core.spec import Amount, Positive, Rate, Spec
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.lives.fates import NEVER
from darkfigure.synth.lives.histories import stack
from darkfigure.synth.lives.life_courses import LifeCourses, lineages
from darkfigure.synth.lives.surname_pool import Family, surname_pool
from darkfigure.synth.population.families import ANCHOR, CHILD, ELDER, GROWN_CHILD, OTHER, PARTNER
from darkfigure.synth.population.kin import NOBODY
from darkfigure.synth.schema import NAME_CAUSE
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales

# Keep kinds of families apart, as `surname_pool` does.
_OWN_FAMILY, _FATHERS, _EARLIER = 1 << 40, 1 << 42, 1 << 43
_EPOCH_YEAR = 1970  # from which days are counted; no rate
_FORMERLY_MARRIED = (28, 70)  # years of age; assumed
_MARRIES_FROM = 18  # years; assumed for all, the law of 2022
# Days after a separation at which a name is taken back: the least, and how many more. Assumed.
_BACK_LEAST_DAYS, _BACK_DAYS = 60, 540
# Age at which children take the name of a step family: the least, and the span of which the rest of
# the person's id by a prime gives a part. Assumed.
_STEP_FROM_YEARS, _STEP_SPAN_YEARS, _STEP_PARTS = 3, 7, 97
# Birth years of those who marry, and how often they join names, relative to the rates; assumed, so
# that few of the old and one in twenty children bear two.
_JOINING = ((1930, 1960, 1980, 1995), (0.05, 0.4, 1.0, 1.4))


class Surnames(Spec):
    """Rates at which surnames are taken, kept and passed on."""

    marriage_age_years: Positive = 31.0
    """Mean age of the woman at a couple's marriage."""
    marriage_age_sd_years: Positive = 7.0
    """Its standard deviation."""
    marries_rate: Rate = 0.88
    """Couples who marry, sooner or later."""
    wife_takes_name_rate: Rate = 0.8
    """Wives who take their husband's name; surveys range from 0.59 to 0.90."""
    double_barrelled_rate: Rate = 0.08
    """Wives born in 1980 who join both names; fewer before, more after."""
    takes_name_back_rate: Rate = 0.35
    """Wives who take their own name back when they separate."""
    took_name_back_a_year: Amount = 0.009
    """Women living without a partner who had borne a husband's name and took theirs back."""
    child_double_barrelled_rate: Rate = 0.05
    """Couples' children who bear both names, of parents born in 1980."""
    step_name_rate: Rate = 0.03
    """Couples' children who came with another name and are known by the step-parent's name."""
    fathers_name_rate: Rate = 0.65
    """Lone mothers' children who bear their father's name; also those of an earlier father."""
    mother_keeps_child_name_rate: Rate = 0.45
    """Their mothers who keep that name too."""
    deed_a_year: Amount = 0.002
    """Other changes of surname, per adult."""


@dataclass(frozen=True)
class Borne:
    """Surnames over time, one entry per person and version but for `pool` and `first`."""

    row: Ints
    day: Ints
    code: Ints  # into `pool`
    cause: Ints  # index into schema.NAME_CAUSE
    pool: pa.DictionaryArray
    first: Ints  # entry of the first surname of each person


def surnames_borne(
    block: Block,
    life_courses: LifeCourses,
    kin: tuple[Ints, Mask],
    spec: Surnames,
    chance: Stream,
) -> Borne:
    """Give everybody their surnames over time.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Life courses, with kin and the window of the histories.
    kin
        Day on which children get the surname of the household by adoption, NEVER for most, and who
        has another father than the younger brothers and sisters, shape (persons,) each.
    spec
        Rates at which surnames are taken, kept and passed on.
    chance
        Stream of the lives; draws are keyed by person, household and family.
    """
    house, (adopted_day, half) = _Houses.of(block), kin
    own, family = _families(block, house, life_courses, spec, chance)
    named = half & chance.happens("earlier_name", block.household_id, spec.fathers_name_rate)
    family = family.where(named, _earlier(block, family))
    pool = surname_pool(
        block, house.couple, (own, family, _of_partner(block, life_courses, own)), chance
    )
    count = len(block.person)
    row = np.arange(count)
    first = np.where(_of_the_house(block, house, spec, chance), count + row, row)
    child = np.isin(block.role, (CHILD, GROWN_CHILD))
    rate = spec.child_double_barrelled_rate * _fashion(block)
    joined = chance.happens("joined_name", block.household_id, rate) & ~named
    first = np.where(child & joined & house.couple[block.household], 3 * count + row, first)
    stepped = child & chance.happens("step_name", block.person_id, spec.step_name_rate)
    stepped &= house.couple[block.household] & ~joined & ~named & (block.mother < 0)
    adopted = adopted_day < NEVER
    stepped &= ~adopted
    given, first = first, np.where(stepped | adopted, row, first)
    wed, takes, joins, back, deed = _changes(block, house, life_courses, spec, chance)
    # Nobody's wife is a daughter of his forefather.
    takes, joins = takes & ~pool.of_forefather, joins & ~pool.of_forefather
    wedding = _new_wedding(block, life_courses, spec, chance)
    wedding = np.where(pool.wed_of_forefather, NEVER, wedding)
    changes = (stepped, wed, takes, joins, back, deed, wedding)
    borne = _over_time(
        block, life_courses, pool.names, first, changes, adoption=(adopted_day, given)
    )
    return _formerly_married(block, house, life_courses, spec, (borne, chance))


def _formerly_married(
    block: Block,
    house: _Houses,
    life_courses: LifeCourses,
    spec: Surnames,
    drawn: tuple[Borne, Stream],
) -> Borne:
    """Let some women begin with a former husband's name, until they took their own back."""
    borne, chance = drawn
    start = life_courses.window[1]
    years = chance.exponential("took_name_back", block.person_id)
    day = start - years / max(spec.took_name_back_a_year, 1e-9) * DAYS_A_YEAR
    woman = (block.sex == 0) & np.isin(block.role, (ANCHOR, OTHER)) & ~house.couple[block.household]
    woman &= (block.age > _FORMERLY_MARRIED[0]) & (block.age < _FORMERLY_MARRIED[1])
    woman &= day > np.maximum(block.known_from, life_courses.window[0])
    woman &= borne.first == np.arange(len(woman))
    rows = np.flatnonzero(woman)
    if not len(rows):
        return borne
    # The name by deed belongs to no family, so it serves for a former husband's.
    begins = np.isin(borne.row, rows) & (np.diff(borne.row, prepend=-1) != 0)
    code = np.where(begins, 2 * len(woman) + borne.row, borne.code)
    back = np.full(len(rows), tuple(NAME_CAUSE).index("separation"))
    row, day_, code_, cause = (
        np.concatenate(pair)
        for pair in (
            (borne.row, rows),
            (borne.day, day[rows].astype(np.int64)),
            (code, rows),
            (borne.cause, back),
        )
    )
    order = order_of(row, day_)
    row, day_, code_, cause = row[order], day_[order], code_[order], cause[order]
    single = np.append(True, (row[1:] != row[:-1]) | (day_[1:] != day_[:-1]))
    return Borne(row[single], day_[single], code_[single], cause[single], borne.pool, borne.first)


@dataclass(frozen=True)
class _Houses:
    """The kind of family in each household of a block."""

    couple: Mask  # of a woman and a man
    children: Mask

    @classmethod
    def of(cls, block: Block) -> _Houses:
        partner = np.bincount(block.household, block.role == PARTNER) > 0
        men = np.bincount(block.household, block.sex * np.isin(block.role, (ANCHOR, PARTNER)))
        children = np.bincount(block.household, block.role == CHILD) > 0
        return cls(partner & (men == 1), children)


def _families(
    block: Block, house: _Houses, life_courses: LifeCourses, spec: Surnames, chance: Stream
) -> tuple[Family, Family]:
    """Find everybody's own family, and the family whose surname their household has."""
    census, kin, n_residents = life_courses.census, life_courses.kin, block.residents
    force = wales().force
    abroad = ~census.household_resident[block.home]
    speakers = np.where(abroad, 0, wales().welsh_speaker_rate[block.lsoa])
    lineage = lineages(life_courses, block.person, block.home)
    own = Family(
        block.person_id | _OWN_FAMILY,
        block.background,
        force[block.lsoa],
        abroad,
        speakers,
        lineage,
    )
    family = _of_household(life_courses, block.home)
    parents = np.full(len(block.person), NOBODY)
    parents[:n_residents] = kin.parents[block.person[:n_residents]]
    own = own.where(parents != NOBODY, _of_household(life_courses, np.maximum(parents, 0)))
    heir = np.zeros(len(block.person), bool)
    heir[:n_residents] = life_courses.heirs[block.home[:n_residents]] == block.person[:n_residents]
    own = own.where(heir & np.isin(block.role, (ANCHOR, PARTNER)), family)
    lone = (house.children & ~house.couple)[block.household] & (block.sex[block.first] == 0)
    takes = chance.happens("fathers_name", block.household_id, spec.fathers_name_rate)
    father = kin.other_parent[block.home]
    known = _of_household(life_courses, census.household[np.maximum(father, 0)])
    unknown = Family(
        block.household_id | _FATHERS,
        block.background[block.first],
        force[block.lsoa],
        abroad,
        speakers,
        lineage[block.first],
    )
    family = family.where(lone & takes, unknown.where(father != NOBODY, known))
    return own.where(block.role == ELDER, own.at(block.first)), family


def _earlier(block: Block, family: Family) -> Family:
    """Give the family of the man whose child the eldest of a mother's children is."""
    force = wales().force[block.lsoa]
    return replace(family, key=block.household_id | _EARLIER, force=force)


def _of_household(life_courses: LifeCourses, home: Ints) -> Family:
    """Give the family whose surname some households of the census have."""
    census, root = life_courses.census, life_courses.roots[home]
    background = census.background[life_courses.heirs[root]]
    return Family(
        census.household_id[root],
        background,
        wales().force[census.household_lsoa[root]],
        ~census.household_resident[root],
        wales().welsh_speaker_rate[census.household_lsoa[root]] * census.household_resident[root],
        census.household_id[root],
    )


def _of_partner(block: Block, life_courses: LifeCourses, own: Family) -> Family:
    """Find the family of the partner with whom somebody moves in; else their own."""
    partner = np.full(len(block.person), NOBODY)
    partner[: block.residents] = life_courses.plan.partner[block.person[: block.residents]]
    home = life_courses.census.household[np.maximum(partner, 0)]
    # Sons of lone mothers may bear their father's name, which is not known here.
    known = (partner != NOBODY) & (life_courses.census.sex[life_courses.heirs[home]] == 1)
    return own.where(known, _of_household(life_courses, home))


def _of_the_house(block: Block, house: _Houses, spec: Surnames, chance: Stream) -> Mask:
    """Tell whose first surname is the household's: the husband's or the children's."""
    couple, children = house.couple[block.household], house.children[block.household]
    bears = np.isin(block.role, (CHILD, GROWN_CHILD))
    bears |= np.isin(block.role, (ANCHOR, PARTNER)) & couple & (block.sex == 1)
    lone = (block.role == ANCHOR) & ~couple & children & (block.sex == 0)
    keeps = chance.happens("mother_keeps", block.person_id, spec.mother_keeps_child_name_rate)
    return np.asarray(bears | (lone & keeps))


def _changes(
    block: Block, house: _Houses, life_courses: LifeCourses, spec: Surnames, chance: Stream
) -> tuple[Ints, Mask, Mask, Ints, Ints]:
    """Draw weddings, wives' names after them, returns to the own name, and deeds.

    Returns
    -------
    Day of the wedding, wives who take the name, wives who join it to theirs, day on which they
    take their own back, day of a deed.
    """
    anchor = block.person_id[block.first]
    age = spec.marriage_age_years + spec.marriage_age_sd_years * chance.normal("wedding", anchor)
    wedding = block.birth_day[block.first] + np.maximum(age, _MARRIES_FROM) * DAYS_A_YEAR
    marries = chance.happens("marries", anchor, spec.marries_rate)
    wife = house.couple[block.household] & np.isin(block.role, (ANCHOR, PARTNER))
    wife &= (block.sex == 0) & marries
    parted = life_courses.plan.separated[block.home]
    wife &= wedding < parted
    choice = chance.uniform("married_name", block.person_id)
    takes = wife & (choice < spec.wife_takes_name_rate)
    joins = wife & (choice >= 1 - spec.double_barrelled_rate * _fashion(block))
    back = chance.happens("takes_name_back", block.person_id, spec.takes_name_back_rate)
    wait = _BACK_LEAST_DAYS + chance.below("takes_back_day", block.person_id, _BACK_DAYS)
    taken_back = np.where(back & (takes | joins) & (parted < NEVER), parted + wait, NEVER)
    years = chance.exponential("deed_day", block.person_id) / max(spec.deed_a_year, 1e-9)
    deed = life_courses.window[0] + np.minimum(years * DAYS_A_YEAR, NEVER)
    adult = np.isin(block.role, (CHILD,), invert=True) & ~wife
    return (
        wedding.astype(np.int64),
        takes,
        joins,
        taken_back.astype(np.int64),
        np.where(adult, deed, NEVER).astype(np.int64),
    )


def _fashion(block: Block) -> Floats:
    """Give how readily names are joined, by the birth year of a household's anchor."""
    return np.interp(_EPOCH_YEAR + block.birth_day[block.first] / DAYS_A_YEAR, *_JOINING)


def _new_wedding(block: Block, life_courses: LifeCourses, spec: Surnames, chance: Stream) -> Ints:
    """Draw the day on which a woman who moves in with a man takes his name; NEVER for most."""
    n_residents = block.residents
    day = np.full(len(block.person), NEVER)
    partner = life_courses.plan.partner[block.person[:n_residents]]
    wife = np.flatnonzero((partner != NOBODY) & (block.sex[:n_residents] == 0))
    ids = block.person_id[wife]
    takes = chance.happens("new_wedding", ids, spec.marries_rate * spec.wife_takes_name_rate)
    wife, ids = wife[takes], ids[takes]
    wait = (
        life_courses.marries_after_years * DAYS_A_YEAR * chance.exponential("new_wedding_day", ids)
    )
    day[wife] = life_courses.plan.coupled_day[block.person[wife]] + 1 + wait.astype(np.int64)
    return np.minimum(day, NEVER)


def _over_time(
    block: Block,
    life_courses: LifeCourses,
    pool: pa.DictionaryArray,
    first: Ints,
    changes: tuple[Mask, Ints, Mask, Mask, Ints, Ints, Ints],
    *,
    adoption: tuple[Ints, Ints],
) -> Borne:
    """Put first names and later ones in order of person and day."""
    stepped, wedding, takes, joins, back, deed, new_wedding = changes
    count = len(block.person)
    row = np.arange(count)
    married = np.where(takes, count + row, np.where(joins, 3 * count + row, first))
    begins = np.maximum(block.known_from, life_courses.window[0])
    early = np.where(wedding <= begins, married, first)
    end = np.minimum(life_courses.window[2] + 1, block.death_day)
    weds = (married != first) & (wedding > begins) & (wedding < end)
    years = _STEP_FROM_YEARS + _STEP_SPAN_YEARS * (block.person_id % _STEP_PARTS) / _STEP_PARTS
    child_day = block.birth_day + (years * DAYS_A_YEAR).astype(np.int64)
    stepped = stepped & (child_day < end)
    causes = list(NAME_CAUSE)
    events = [
        ("birth", row >= 0, begins, early),
        ("marriage", weds, wedding, married),
        ("marriage", new_wedding < end, new_wedding, 4 * count + row),
        ("separation", back < end, back, row),
        ("step", stepped, np.maximum(child_day, begins + 1), count + row),
        ("adoption", (adoption[0] > begins) & (adoption[0] < end), *adoption),
        ("deed", (deed > begins) & (deed < end), deed, 2 * count + row),
    ]
    rows, days, codes, source = stack(
        *((row[changed], day[changed], code[changed]) for _, changed, day, code in events)
    )
    cause = np.array([causes.index(name) for name, *_ in events])[source]
    return Borne(rows, days, codes, cause, pool, first)
