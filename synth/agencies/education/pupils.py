"""Data of schools on pupils besides their identity: meals, needs, language, background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.education.tables import (
    ALN_NEED,
    ALN_PROVISION,
    ENROLMENT,
    MEDIUM,
    NATIONAL_IDENTITY,
    WELSH_AT_HOME,
)
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives import People
from darkfigure.synth.reference import load
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.school_choice import Schoolchildren, schools_attended
from darkfigure.synth.setting.schools import PRU, SPECIAL, school_sites

# Free school meals by fifth of deprivation, the most deprived first, against the mean; and odds of
# additional needs for boys and for pupils with free meals. All assumed.
_FSM_BY_FIFTH = np.array([1.79, 1.18, 0.77, 0.51, 0.36])
_ALN_BOY, _ALN_FSM = 1.6, 1.9
_ALN_SHARES = (0.24, 0.2, 0.08, 0.36, 0.12)  # of provision, in the order of the codes; assumed
_NEED_SHARES = (0.3, 0.04, 0.12, 0.2, 0.17, 0.1, 0.02, 0.05)  # assumed
_MONTHS_A_YEAR, _MONTHS_FROM_SEPTEMBER = 12, 4  # to the end of a year; no rate
_FIRST_YEAR_AGE = 4  # at the end of August before reception
FSM_SHARE = 0.213  # of pupils, in every year and neighbourhood taken together; assumed
_ABLE_RATE = 0.9  # pupils of Welsh-medium schools who can speak it, whatever the home; assumed
_WELSH_MEDIUM = [list(MEDIUM).index(code) for code in ("WM", "AB")]
# Provision and needs of pupils of special schools: statements and plans of the authority, in the
# order of the codes. Assumed.
_SPECIAL_PROVISION = (0.0, 0.0, 0.6, 0.05, 0.35)
_SPECIAL_NEEDS = (0.08, 0.28, 0.0, 0.04, 0.12, 0.38, 0.02, 0.08)
# Of Welsh alone among all people of Wales. Source: ONS Census 2021
_WELSH_IDENTITY = 0.552
_ENROLMENT_SHARES = (0.985, 0.012, 0.003)  # in the order of ENROLMENT; assumed
_WITHHELD_RATE = 0.02  # pupils whose family withholds the background; assumed


@dataclass(frozen=True)
class Pupil:
    """The pupils of a block at the census; arrays have one entry per pupil."""

    row: Ints
    person: Ints  # census index
    person_id: Ints
    birth_day: Ints
    came_day: Ints  # first day in Wales
    age_years: Floats
    schooling: Schoolchildren
    school: Ints  # row of `school_sites()`
    male: Mask
    background: Ints  # index into schema.ETHNIC_BACKGROUND
    fsm: Mask
    aln: Mask

    @classmethod
    def of(
        cls,
        people: People,
        row: Ints,
        today: int,
        schooling: Schoolchildren,
        rates: tuple[float, float],
        chance: Stream,
    ) -> Pupil:
        """Take pupils out of a block, and draw their free meals and additional needs.

        Parameters
        ----------
        people
            People of the block.
        row
            Rows of the pupils.
        today
            Day of the census, since 1970-01-01.
        schooling
            What decides on their schools.
        rates
            Shares of pupils with free meals, and with additional needs.
        chance
            Stream of the schools; draws are keyed by household and pupil.
        """
        ids = people.person_id[row]
        fifth = wales().quintile[schooling.lsoa] - 1
        school = schools_attended(schooling, chance)
        special = school_sites().kind[school] == SPECIAL
        special_share = school_sites().places[school_sites().kind == SPECIAL].sum()
        special_share /= school_sites().places.sum()
        # Children of one household are eligible together.
        fsm = chance.happens("fsm", people.household_id[row], rates[0] * _FSM_BY_FIFTH[fifth])
        male = people.sex[row] == 1
        factor = np.where(male, _ALN_BOY, 1.0) * np.where(fsm, _ALN_FSM, 1.0)
        mean = (1 + _ALN_BOY) / 2 * (1 + rates[0] * (_ALN_FSM - 1))
        return cls(
            row=row,
            person=people.person[row],
            person_id=ids,
            birth_day=people.birth_day[row],
            came_day=people.came_day[row],
            age_years=(today - people.birth_day[row]) / DAYS_A_YEAR,
            schooling=schooling,
            school=school,
            male=male,
            background=people.background[row],
            fsm=fsm,
            aln=special | chance.happens("aln", ids, (rates[1] - special_share) * factor / mean),
        )


def year_group(birth_day: Ints, day: int | Ints) -> Ints:
    """Give the year group of children on a day.

    Children start reception in the September after their fourth birthday.

    Parameters
    ----------
    birth_day
        Days since 1970-01-01, shape (n,).
    day
        Day since 1970-01-01, one for all or shape (n,).

    Returns
    -------
    Index into `YEAR_GROUP`, shape (n,); below 0 for children not yet at school.
    """
    year, born = (_school_year(np.asarray(days)) for days in (day, birth_day))
    return np.asarray(year - born - 1 - _FIRST_YEAR_AGE)


def _school_year(days: Ints) -> Ints:
    """Give the year, since 1970, in which the school year of each day ends."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (months + _MONTHS_FROM_SEPTEMBER) // _MONTHS_A_YEAR


def describe_pupils(
    pupils: Pupil, fsm_protected_rate: float, chance: Stream
) -> dict[str, pa.Array]:
    """Draw the columns of the pupil census besides the identity.

    Parameters
    ----------
    pupils
        Pupils of a block.
    fsm_protected_rate
        Share of all pupils who keep free meals under transitional protection.
    chance
        Stream of the schools; draws are keyed by pupil.
    """
    ids = pupils.person_id
    provision = chance.pick("aln_provision", ids, _ALN_SHARES)
    need = chance.pick("aln_need", ids, _NEED_SHARES)
    kind = school_sites().kind[pupils.school]
    provision, need = (
        np.where(kind == SPECIAL, chance.pick(name, ids, shares), drawn)
        for name, shares, drawn in (
            ("special_provision", _SPECIAL_PROVISION, provision),
            ("special_need", _SPECIAL_NEEDS, need),
        )
    )
    protected = ~pupils.fsm & chance.happens("protected", ids, fsm_protected_rate / (1 - FSM_SHARE))
    taught = np.isin(school_sites().medium[pupils.school], _WELSH_MEDIUM)
    able = np.where(taught, _ABLE_RATE, wales().welsh_speaker_rate[pupils.schooling.lsoa])
    at_home = np.where(
        pupils.schooling.welsh_home,
        0,
        np.where(chance.happens("welsh_able", ids, able), 1, 2),
    )
    identity = chance.pick_by_row("identity", ids, _identity_shares(pupils))
    enrolment = np.where(kind == PRU, 1, chance.pick("enrolment", ids, _ENROLMENT_SHARES))
    return {
        "ethnic_code": _ethnic_codes(pupils, chance),
        "national_identity": coded(identity, NATIONAL_IDENTITY),
        "welsh_at_home": coded(at_home, WELSH_AT_HOME),
        "enrolment_status": coded(enrolment, ENROLMENT),
        "fsm_eligible": pa.array(pupils.fsm),
        "fsm_protected": pa.array(protected),
        "aln_provision": coded(np.where(pupils.aln, provision, -1), ALN_PROVISION),
        "aln_need": coded(np.where(pupils.aln, need, -1), ALN_NEED),
    }


def _identity_shares(pupils: Pupil) -> Floats:
    """Give each pupil's chances of national identities, by origin and authority; (n, 4).

    References
    ----------
    national_identities.csv, local_authorities.csv.
    """
    table, authorities = load("national_identities"), wales().authorities
    shares = np.column_stack([table[name].to_numpy() for name in NATIONAL_IDENTITY])
    own = authorities["welsh_identity_rate"].to_numpy()
    odds = own / (1 - own) * (1 - _WELSH_IDENTITY) / _WELSH_IDENTITY
    weights = shares[pupils.background]
    weights[:, 0] *= odds[wales().authority[pupils.schooling.lsoa]]
    return weights


def _ethnic_codes(pupils: Pupil, chance: Stream) -> pa.DictionaryArray:
    """Code each pupil's background as the school census does; a few withhold it."""
    table = load("school_ethnic_codes")
    backgrounds = table["background"].to_pylist()
    row = np.array([backgrounds.index(name) for name in schema.ETHNIC_BACKGROUND])[
        pupils.background
    ]
    row[chance.happens("background_withheld", pupils.person_id, _WITHHELD_RATE)] = -1
    return coded(row, table["code"].to_pylist())
