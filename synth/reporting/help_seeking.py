"""Victims who come to emergency departments, hospitals and practices, or whom schools notice.

Victims may stay away for fear of the consequences of a disclosure. `Deterrence` lowers the odds of
attendance, by group; at zero, the default, nobody is deterred. A higher deterrence only takes
attendances away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import expit, logit

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.population import Census
from darkfigure.synth.reference import load
from darkfigure.synth.schema import (
    DOMESTIC,
    INJURY,
    PLACE,
    RELATIONSHIP,
    SEVERITY,
    VIOLENCE,
    codes_of,
)
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.geography import Geography
from darkfigure.synth.setting.hospitals import hospitals, major_departments

_SCHOOL_AGE = (4, 16)
_SUREST = 0.99  # highest probability of an attendance; assumed
_LIFE_THREATENING = list(SEVERITY).index("life_threatening")
# People hurt away from home who go home first, and from there to a department, without an
# ambulance. A fifth of all. Assumed.
_HOME_FIRST_RATE = 0.25


class HelpSeeking(Spec):
    """Probabilities that a victim comes to each health service or is noticed; assumed.

    Together with the rates of violence these give 3.9 attendances per 1,000 and year (South Wales
    2014-16) of which about 11 % are admitted: 43 admissions per 100,000 (Wales 2013-14).
    """

    ed_if_minor: Rate = 0.165
    """Attendance at an emergency department, before the factor of the kind of violence."""
    ed_if_moderate: Rate = 0.36
    """The same with a moderate injury."""
    ed_if_serious: Rate = 0.67
    """The same with a serious injury."""
    ed_if_life_threatening: Rate = 0.97
    """The same with a life-threatening injury, whatever the kind of violence."""
    ed_if_fatal: Rate = 0.26
    """Share of people killed who reach a department alive, of those who die on that day; the others
    all do, together some 38 %."""
    admitted_if_minor: Rate = 0.01
    """Of attendances with a minor injury, the share admitted."""
    admitted_if_moderate: Rate = 0.05
    """The same with a moderate injury."""
    admitted_if_serious: Rate = 0.23
    """The same with a serious injury."""
    admitted_if_life_threatening: Rate = 0.95
    """The same with a life-threatening injury."""
    admitted_if_fatal: Rate = 0.3
    """Of people killed who reach a department and die on that day, the share who do on a ward; with
    those who live longer some 60 % do."""
    ambulance_if_minor: Rate = 0.18
    """Of attendances with a minor injury, the share that come by ambulance."""
    ambulance_if_moderate: Rate = 0.28
    """The same with a moderate injury."""
    ambulance_if_serious: Rate = 0.45
    """The same with a serious injury."""
    ambulance_if_life_threatening: Rate = 0.9
    """The same with a life-threatening injury."""
    ambulance_if_fatal: Rate = 0.95
    """The same of people killed."""
    ambulance_if_wounded: Rate = 0.06
    """Share of other woundings treated at the scene, or refused."""
    gp_if_injured: Rate = 0.10
    """Share of injuries told to a general practice."""
    gp_if_domestic: Rate = 0.04
    """Share of domestic incidents told to a general practice, besides."""
    school_if_at_school: Rate = 0.40
    """Share of incidents at school that the school notices."""
    school_if_at_home: Rate = 0.12
    """Share of incidents in the family of a pupil that the school notices."""


class Deterrence(Spec):
    """Strength of victims' fear of the consequences of a disclosure in an emergency department.

    `log_odds` lowers the log odds of attendance, times the multipliers of all groups that an
    incident belongs to. No British study of how sharing changes attendance was found: all are
    assumed, and the default is none.
    """

    log_odds: Amount = 0.0
    """Fall of the log odds of attendance, before the multipliers."""
    domestic: Amount = 1.5
    """Multiplier for abuse by partners and kin."""
    child: Amount = 1.0
    """Multiplier for children harmed by a parent."""
    stranger: Amount = 1.0
    """Multiplier for assaults by strangers."""
    acquaintance: Amount = 1.0
    """Multiplier for assaults by acquaintances and through work."""
    wounding: Amount = 0.6
    """Multiplier for woundings, which leave less choice."""
    young_man: Amount = 1.2
    """Multiplier for men of 18 to 34."""
    most_deprived: Amount = 1.2
    """Multiplier for the most deprived fifth."""


@dataclass(frozen=True)
class Marks:
    """Marks of incidents and their victims, by name; arrays have one entry per incident."""

    ids: Ints
    event: Ints
    kind: Ints
    relationship: Ints
    injury: Ints
    severity: Ints
    place: Ints
    age_years: Floats
    male: Mask
    quintile: Ints
    force: Ints
    visits: Mask  # the victim lives outside Wales
    abroad: Mask  # it happened there
    lived_on: Mask  # killed by it, but not on that day

    @classmethod
    def of(cls, incidents: pa.Table, census: Census, geography: Geography) -> Marks:
        """Gather the marks of incidents.

        Parameters
        ----------
        incidents
            One row per incident, as of `violence.acts.ViolentEvents`.
        census
            Census of the scenario.
        geography
            Geography of Wales.
        """
        victim = incidents["victim"].to_numpy()
        day = incidents["occurred_s"].to_numpy() // DAY_S
        severity = codes_of(incidents["severity"], SEVERITY)
        killed = severity == list(SEVERITY).index("fatal")
        return cls(
            ids=incidents["incident_id"].to_numpy(),
            event=incidents["event_id"].to_numpy(),
            kind=codes_of(incidents["kind"], VIOLENCE),
            relationship=codes_of(incidents["relationship"], RELATIONSHIP),
            injury=codes_of(incidents["injury"], INJURY),
            severity=severity,
            place=codes_of(incidents["place"], PLACE),
            age_years=census.age_years[victim],
            male=census.sex[victim] == 1,
            quintile=geography.quintile[census.lsoa[victim]],
            force=geography.force[incidents["lsoa"].to_numpy()],
            visits=census.visits[victim],
            abroad=incidents["abroad"].to_numpy(zero_copy_only=False),
            lived_on=killed & (census.gone_day[victim] > day + 1),
        )

    def by(self, *relationships: str) -> Mask:
        """Mark incidents whose offender has one of some relationships to the victim."""
        codes = [list(RELATIONSHIP).index(name) for name in relationships]
        return np.isin(self.relationship, codes)

    def is_kind(self, name: str) -> Mask:
        """Mark incidents of a kind."""
        return self.kind == list(VIOLENCE).index(name)

    @property
    def killed(self) -> Mask:
        """Mark incidents that kill."""
        return self.severity == list(SEVERITY).index("fatal")

    def hurt(self, name: str) -> Mask:
        """Mark incidents with an injury."""
        return self.injury == list(INJURY).index(name)

    def at(self, name: str) -> Mask:
        """Mark incidents at a kind of place."""
        return self.place == list(PLACE).index(name)

    def by_severity(self, spec: HelpSeeking, what: str) -> Floats:
        """Give a probability of a specification by severity; 0 without an injury."""
        names = list(SEVERITY)[1:]
        rates = [0.0, *(getattr(spec, f"{what}_if_{name}") for name in names)]
        return np.array(rates)[self.severity]


def seek_help(
    marks: Marks, spec: HelpSeeking, deterrence: Deterrence, chance: Stream
) -> dict[str, Mask]:
    """Draw the victims who come to a department, hospital or practice, or are noticed at school.

    Parameters
    ----------
    marks
        Marks of the incidents.
    spec
        Probabilities without deterrence.
    deterrence
        Strength of the fear.
    chance
        Stream of the contacts; draws are keyed by incident.

    Returns
    -------
    Columns `ed_attended`, `ambulance`, `admitted`, `gp_consulted`, `school_noticed`.
    """
    ids, wounded, minor = marks.ids, marks.hurt("wounding"), marks.hurt("minor")
    # Outside Wales other departments, ambulances and forces are called; a practice hears of it.
    here = ~marks.abroad
    attends = chance.happens("ed", ids, attendance_rate(marks, spec, deterrence))
    attends = here & (attends | marks.lived_on)
    stays = marks.by_severity(spec, "admitted")
    fetched = marks.by_severity(spec, "ambulance")
    fetched = np.where(attends | marks.killed, fetched, wounded * spec.ambulance_if_wounded)
    domestic = marks.by(*DOMESTIC)
    consults = (wounded | minor) * spec.gp_if_injured + domestic * spec.gp_if_domestic
    at_home = (domestic | marks.by("parent")) * spec.school_if_at_home
    noticed = np.where(marks.at("school"), spec.school_if_at_school, at_home)
    pupil = (marks.age_years >= _SCHOOL_AGE[0]) & (marks.age_years < _SCHOOL_AGE[1])
    return {
        "ed_attended": attends,
        "ambulance": here & chance.happens("ambulance", ids, fetched),
        "admitted": attends & (chance.happens("admitted", ids, stays) | marks.lived_on),
        "gp_consulted": ~marks.killed & ~marks.visits & chance.happens("gp", ids, consults),
        "school_noticed": ~marks.killed & pupil & chance.happens("school", ids, noticed),
    }


def choose_department(
    incidents: pa.Table, census: Census, help_sought: dict[str, Mask], world: Stream
) -> dict[str, Mask | Ints]:
    """Tell whence victims come to a department, and who goes to one in England.

    Assaults are treated near where they happened, but some people go home first.

    Parameters
    ----------
    incidents
        One row per incident, with `incident_id`, `victim` and `lsoa`.
    census
        Census of the scenario.
    help_sought
        What `seek_help` gives.
    world
        The world's stream, so that agencies draw the same site.

    Returns
    -------
    `help_sought` with attendances and admissions in Wales alone, `ed_england` for attendances in
    England, and `ed_lsoa`, the number of the neighbourhood that the victim comes from.
    """
    ids = incidents["incident_id"].to_numpy()
    first = world.stage("hospitals").happens("home_first", ids, _HOME_FIRST_RATE)
    first &= ~help_sought["ambulance"]
    scene = incidents["lsoa"].to_numpy()
    lsoa = np.where(first, census.lsoa[incidents["victim"].to_numpy()], scene)
    attends = help_sought["ed_attended"]
    here = hospitals().welsh[major_departments(lsoa, ids << 1, world)]
    inside = {name: help_sought[name] & here for name in ("ed_attended", "admitted")}
    return {**help_sought, **inside, "ed_england": attends & ~here, "ed_lsoa": lsoa}


def attendance_rate(marks: Marks, spec: HelpSeeking, deterrence: Deterrence) -> Floats:
    """Give the probability that each victim comes to an emergency department.

    Parameters
    ----------
    marks
        Marks of the incidents.
    spec
        Probabilities without deterrence.
    deterrence
        Strength of the fear.

    Returns
    -------
    Shape (n,).
    """
    table = load("violence_kinds")
    of_men, of_women = (table[f"ed_factor_{sex}"].to_numpy() for sex in "mf")
    factor = np.where(marks.male, of_men[marks.kind], of_women[marks.kind])
    grave = marks.severity >= _LIFE_THREATENING
    rate = np.where(grave, 1.0, factor) * marks.by_severity(spec, "ed")
    rate = np.minimum(rate, _SUREST)  # fear keeps nobody away who is sure to come
    if not deterrence.log_odds:
        return rate
    return deter(rate, deterrence.log_odds * fear(marks, deterrence))


def deter(rate: Floats, log_odds: Floats) -> Floats:
    """Lower the log odds of probabilities.

    Parameters
    ----------
    rate
        Probabilities, shape (n,).
    log_odds
        Fall of the log odds, shape (n,); 0 leaves the probability unchanged.

    Returns
    -------
    Probabilities, shape (n,).
    """
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(log_odds > 0, expit(logit(rate) - log_odds), rate))


def fear(marks: Marks, spec: Deterrence) -> Floats:
    """Multiply the deterrence multipliers of each incident's groups.

    Parameters
    ----------
    marks
        Marks of the incidents.
    spec
        Multipliers of the groups.

    Returns
    -------
    Shape (n,).
    """
    product = np.ones(len(marks.ids))
    for name, mark in groups_of(marks).items():
        product[mark] *= getattr(spec, name)
    return product


def groups_of(marks: Marks) -> dict[str, Mask]:
    """Mark the incidents of each group that `Deterrence` has a multiplier for."""
    return {
        "domestic": marks.by(*DOMESTIC),
        "child": marks.by("parent"),
        "stranger": marks.by("stranger"),
        "acquaintance": marks.by("acquaintance", "work"),
        "wounding": marks.hurt("wounding"),
        "young_man": marks.male & (marks.age_years >= 18) & (marks.age_years < 35),
        "most_deprived": marks.quintile == 1,
    }
