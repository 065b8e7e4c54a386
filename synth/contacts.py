"""Who learns of an incident and who writes it down: under-reporting lives here.

Three reasons why the police have no record of an incident stay apart: it was never reported, it
was reported but not recorded, or it was recorded and cannot be linked. The first two are decided
here; the third is for a linkage method to answer for.

Each incident has a critical level: the willingness to report, as a log odds common to all, at
which this one would be reported. A target share is met exactly by recording the incidents whose
critical levels are lowest; raising the target therefore only takes records away.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from synth.calendar import DAY_S
from synth.chance import Stream
from synth.errors import TargetError
from synth.geography import Geography
from synth.population import Census
from synth.reference import load
from synth.schema import FORCES, INJURY, PLACE, POLICE_STATUS, VIOLENCE, coded, codes_of
from synth.spec import Amount, Positive, Rate, Spec

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_NEVER, _NOT_RECORDED, _RECORDED = range(len(POLICE_STATUS))
_STEEPEST = 40.0  # log odds beyond which a probability is 0 or 1 in double precision


class HelpSeeking(Spec):
    """How likely a victim is to come to each health service or be noticed; assumed.

    Together with the rates of violence these give 3.9 attendances per 1,000 and year (South Wales
    2014-16) of which about 13 % are admitted (range 10-16 %).
    """

    ed_if_wounded: Rate = 0.46
    ed_if_minor: Rate = 0.17
    admitted_if_wounded: Rate = 0.18
    admitted_if_minor: Rate = 0.03
    gp_if_injured: Rate = 0.10
    gp_if_domestic: Rate = 0.06
    school_if_at_school: Rate = 0.40
    school_if_at_home: Rate = 0.12


class OddsRatios(Spec):
    """Odds of reporting to the police, against an incident without the mark; all assumed."""

    male: Positive = 0.75
    aged_18_to_34: Positive = 0.75
    under_16: Positive = 1.3
    stranger: Positive = 0.8
    acquaintance: Positive = 0.9
    partner: Positive = 1.6
    weapon: Positive = 2.0
    wounding: Positive = 1.5
    admitted: Positive = 2.0
    alcohol: Positive = 0.7
    licensed: Positive = 0.9
    own_home: Positive = 1.3
    most_deprived: Positive = 0.85


class Recording(Spec):
    """Share of reports of violence that each force records.

    Dyfed-Powys 0.854 is from its inspection of 2021; the others are assumed near the rates for
    all crime (0.88 to 0.91, inspections 2017-18).
    """

    north_wales: Rate = 0.86
    gwent: Rate = 0.88
    south_wales: Rate = 0.88
    dyfed_powys: Rate = 0.854
    # True: a target that these rates make impossible is refused; false: the rates give way.
    binding: bool = False


class Contacts(Spec):
    """Under-reporting: targets, and what makes reporting more or less likely."""

    # Share of emergency-department assault attendances without a police record. The headline is
    # commonly quoted; person-linked South Wales data gave 0.59 (Gray 2017).
    unknown_share: Rate = 0.75
    exact: bool = True  # to the nearest record; false leaves binomial scatter
    # Share of incidents without an attendance that the police record; assumed.
    recorded_without_ed: Rate = 0.45
    odds_ratios: OddsRatios = OddsRatios()
    recording: Recording = Recording()
    help_seeking: HelpSeeking = HelpSeeking()
    report_delay_median_hours: Amount = 2.0  # assumed
    ed_delay_median_hours: Amount = 3.0  # assumed
    delay_sd_log: Amount = 1.2  # of both, on the log scale; assumed


def follow(
    incidents: pa.Table,
    census: Census,
    geography: Geography,
    spec: Contacts,
    chance: Stream,
    *,
    police: bool,
) -> pa.Table:
    """Follow incidents to everybody who learns of them, with delays.

    Parameters
    ----------
    incidents, census, geography
        What happened, to whom, where.
    spec
        Under-reporting.
    chance
        Stream of this stage; draws are keyed by incident.
    police
        False in a world whose police keep no records: then nothing is reported.

    Returns
    -------
    The incidents with the columns that `seek_help`, `tell_police` and `delay` add.
    """
    incidents = seek_help(incidents, census, spec.help_seeking, chance)
    if police:
        incidents = tell_police(incidents, census, geography, spec, chance)
    else:
        never = coded(np.full(incidents.num_rows, _NEVER), POLICE_STATUS)
        incidents = incidents.append_column("police_status", never)
    return delay(incidents, spec, chance)


def seek_help(incidents: pa.Table, census: Census, spec: HelpSeeking, chance: Stream) -> pa.Table:
    """Decide which victims come to an emergency department, hospital, practice, or are noticed.

    Returns
    -------
    The incidents with columns `ed_attended`, `admitted`, `gp_consulted`, `school_noticed`.
    """
    ids = incidents["incident_id"].to_numpy()
    kind, injury, place = (
        codes_of(incidents[name], labels)
        for name, labels in (("kind", VIOLENCE), ("injury", INJURY), ("place", PLACE))
    )
    wounded, minor = injury == list(INJURY).index("wounding"), injury == list(INJURY).index("minor")
    factor = load("violence_kinds")["ed_factor"].to_numpy()[kind]
    rate = factor * (wounded * spec.ed_if_wounded + minor * spec.ed_if_minor)
    attends = chance.happens("ed", ids, np.minimum(rate, 1))
    stays = wounded * spec.admitted_if_wounded + minor * spec.admitted_if_minor
    domestic = np.isin(kind, [list(VIOLENCE).index(name) for name in ("partner", "family")])
    told = (wounded | minor) * spec.gp_if_injured + domestic * spec.gp_if_domestic
    age = census.age_years[incidents["victim"].to_numpy()]
    at_school = place == list(PLACE).index("school")
    noticed = np.where(at_school, spec.school_if_at_school, domestic * spec.school_if_at_home)
    noticed = np.where(kind == list(VIOLENCE).index("child"), spec.school_if_at_home, noticed)
    columns = {
        "ed_attended": attends,
        "admitted": attends & chance.happens("admitted", ids, stays),
        "gp_consulted": chance.happens("gp", ids, told),
        "school_noticed": (age >= 4) & (age < 16) & chance.happens("school", ids, noticed),
    }
    for name, values in columns.items():
        incidents = incidents.append_column(name, pa.array(values))
    return incidents


def tell_police(
    incidents: pa.Table, census: Census, geography: Geography, spec: Contacts, chance: Stream
) -> pa.Table:
    """Decide which incidents are reported to the police, and which of these are recorded.

    Returns
    -------
    The incidents with column `police_status`. Among those with `ed_attended` the share not
    recorded is `spec.unknown_share`, to the nearest record where `spec.exact`.

    Raises
    ------
    TargetError
        The share cannot be reached with these recording rates; the message gives the range.
    """
    ids = incidents["incident_id"].to_numpy()
    effect = _effects(incidents, census, geography, spec.odds_ratios)
    force = geography.force[incidents["lsoa"].to_numpy()]
    rate = np.array([getattr(spec.recording, name) for name in FORCES])[force]
    reports = _Reports(
        effect=effect,
        rate=rate,
        level=logit(chance.uniform("reports", ids) + 2.0**-54) - effect,
        care=chance.uniform("records", ids),
    )
    attended = incidents["ed_attended"].to_numpy(zero_copy_only=False)
    status = np.empty(len(ids), np.int64)
    status[attended] = _with_ed(reports.take(attended), spec)
    others = reports.take(~attended)
    wanted = min(spec.recorded_without_ed, float(others.rate.mean()) if others.size else 0.0)
    status[~attended] = others.status(others.solve(wanted))
    return incidents.append_column("police_status", coded(status, POLICE_STATUS))


def delay(incidents: pa.Table, spec: Contacts, chance: Stream) -> pa.Table:
    """Say when each agency that learns of an incident does so.

    Returns
    -------
    The incidents with `report_s` and `ed_s`, seconds since 1970-01-01, and `gp_day` and
    `school_day`, days since then; they mean something only where the agency learns of it.
    """
    ids, occurred = incidents["incident_id"].to_numpy(), incidents["occurred_s"].to_numpy()
    waits = {"report_s": spec.report_delay_median_hours, "ed_s": spec.ed_delay_median_hours}
    for name, median in waits.items():
        hours = median * np.exp(spec.delay_sd_log * chance.normal(name, ids))
        incidents = incidents.append_column(name, pa.array(occurred + (hours * 3600).astype(int)))
    for name, mean_days in (("gp_day", 4.0), ("school_day", 2.0)):  # assumed
        days = occurred / DAY_S + mean_days * chance.exponential(name, ids)
        incidents = incidents.append_column(name, pa.array(days.astype(np.int64)))
    return incidents


class _Reports:
    """Incidents on their way to the police; arrays have one entry each."""

    def __init__(self, *, effect: Floats, rate: Floats, level: Floats, care: Floats) -> None:
        self.effect = effect  # log odds of reporting, apart from the common level
        self.rate = rate  # with which the force records what is reported
        self.level = level  # common level from which this one is reported
        self.care = care  # draw that decides whether a report is recorded
        self.size = len(level)

    def take(self, chosen: Mask) -> _Reports:
        """Take some of them."""
        return _Reports(
            effect=self.effect[chosen],
            rate=self.rate[chosen],
            level=self.level[chosen],
            care=self.care[chosen],
        )

    @property
    def recordable(self) -> Mask:
        """Those that will be recorded if they are reported."""
        return np.asarray(self.care < self.rate)

    def status(self, level: float) -> Ints:
        """Say what becomes of each at a common level of willingness to report."""
        reported = self.level <= level
        recorded = np.where(self.recordable, _RECORDED, _NOT_RECORDED)
        return np.where(reported, recorded, _NEVER)

    def solve(self, share: float) -> float:
        """Find the level at which an expected share is recorded; 0 <= share <= mean rate."""

        def excess(level: float) -> float:
            return float((expit(level + self.effect) * self.rate).mean() - share)

        if not self.size or excess(-_STEEPEST) >= 0:
            return -np.inf
        return np.inf if excess(_STEEPEST) <= 0 else float(brentq(excess, -_STEEPEST, _STEEPEST))


def _with_ed(reports: _Reports, spec: Contacts) -> Ints:
    """Meet the target among incidents that an emergency department saw."""
    if not reports.size:
        return np.empty(0, np.int64)
    recordable = int(reports.recordable.sum())
    wanted = int(np.floor(reports.size * (1 - spec.unknown_share) + 0.5))
    most = float(reports.rate.mean()) if not spec.exact else recordable / reports.size
    gives_way = spec.exact and not spec.recording.binding
    if not gives_way and 1 - spec.unknown_share > most + 0.5 / reports.size:
        raise TargetError(
            f"contacts.unknown_share = {spec.unknown_share} cannot be reached: with these "
            f"recording rates it lies between {1 - most:.4f} and 1. Raise contacts.recording, or "
            "let it give way with recording.binding = false and exact = true."
        )
    if not spec.exact:
        return reports.status(reports.solve(1 - spec.unknown_share))
    return _lowest(reports, wanted)


def _lowest(reports: _Reports, wanted: int) -> Ints:
    """Record exactly so many: those reported first as willingness to report rises.

    Where a force's usual care does not suffice, it takes the care that it does, best cases first.
    """
    recordable = reports.recordable
    order = np.lexsort((np.where(recordable, reports.level, reports.care), ~recordable))
    chosen = order[:wanted]
    if wanted > recordable.sum():
        level = np.inf
    else:
        level = float(reports.level[chosen].max()) if wanted else -np.inf
    status = reports.status(level)
    status[chosen] = _RECORDED
    return status


def _effects(
    incidents: pa.Table, census: Census, geography: Geography, ratios: OddsRatios
) -> Floats:
    """Add up the log odds ratios of each incident's marks."""
    victim = incidents["victim"].to_numpy()
    age, kind = census.age_years[victim], codes_of(incidents["kind"], VIOLENCE)
    place, injury = codes_of(incidents["place"], PLACE), codes_of(incidents["injury"], INJURY)
    kinds, places = list(VIOLENCE), list(PLACE)
    marks = {
        "male": census.sex[victim] == 1,
        "aged_18_to_34": (age >= 18) & (age < 35),
        "under_16": age < 16,
        **{name: kind == kinds.index(name) for name in ("stranger", "acquaintance", "partner")},
        "weapon": codes_of(incidents["weapon"], ("none",)) < 0,
        "wounding": injury == list(INJURY).index("wounding"),
        "admitted": incidents["admitted"].to_numpy(zero_copy_only=False),
        "alcohol": incidents["alcohol"].to_numpy(zero_copy_only=False),
        **{name: place == places.index(name) for name in ("licensed", "own_home")},
        "most_deprived": geography.quintile[census.lsoa[victim]] == 1,
    }
    return np.asarray(sum(np.log(getattr(ratios, name)) * mark for name, mark in marks.items()))
