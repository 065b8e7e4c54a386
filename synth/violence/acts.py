"""Acts of violence: victims, offenders, company, times, places and injuries.

People differ in their proneness to suffer violence, and the same proneness makes offenders. So
victims are harmed again, and victims and offenders overlap. Acts come in episodes (`episodes`): a
single act, or a series by the same offender. An act is an event: it has an offender who is a person
of the simulation (`offenders`), may have more offenders, victims and bystanders (`company`), and
circumstances (`circumstances`). Each person harmed in it has an incident of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population import CHILD, PARTNER, Census
from darkfigure.synth.schema import EVENT_ROLE, RELATIONSHIP, coded
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S, Period
from darkfigure.synth.setting.geography import Geography, wales
from darkfigure.synth.violence.circumstances import Harms, assault_rates, assaults, describe
from darkfigure.synth.violence.company import (
    BYSTANDER,
    HIT_BACK,
    MOST_VICTIMS,
    OFFENDER,
    Acts,
    Company,
    Peers,
    bystanders,
    fellow_offenders,
    fellow_victims,
    harmed_in_an_assault,
)
from darkfigure.synth.violence.episodes import (
    KINDS,
    Hazards,
    begin_episodes,
    follow_episodes,
)
from darkfigure.synth.violence.offenders import Pool, choose_offenders, relate
from darkfigure.synth.violence.proneness import proneness
from darkfigure.synth.violence.scenes import Scenes, find_scenes, seen_by
from darkfigure.synth.violence.spec import Violence

_ADULT_YEARS = 18
_PUPIL_YEARS = 19  # from which nobody is a pupil; assumed
_FAMILY_KINDS = [KINDS.index(name) for name in ("partner", "family", "child")]
_FAMILY, _PARENT = (list(RELATIONSHIP).index(name) for name in ("family", "parent"))


@dataclass(frozen=True)
class Victims:
    """People whose victimisation is simulated: all of a sample, in census order."""

    census: Census
    person: Ints  # indices in the census

    @property
    def inhabitants(self) -> Ints:
        """Those of them who live in Wales, as census indices."""
        return self.person[~self.census.visits[self.person]]

    @classmethod
    def of(cls, census: Census, households: Ints) -> Victims:
        """Take everybody in some households.

        Parameters
        ----------
        census
            Census of the scenario.
        households
            Census indices of the sample's households.
        """
        chosen = np.zeros(len(census.household_size), bool)
        chosen[households] = True
        return cls(census, np.flatnonzero(chosen[census.household]))


@dataclass(frozen=True)
class ViolentEvents:
    """Acts of violence of a world.

    Parameters
    ----------
    incidents
        One row for each person whom an act harms, sorted by `incident_id`; `victim` and `offender`
        are census indices, `lsoa` the number of the neighbourhood where it happened, `site` the row
        of `setting.places.places` (-1 in a home), `latitude` and `longitude` WGS 84 degrees,
        `abroad` true outside Wales, where the place is that of another act,
        `occurred_s` seconds since 1970-01-01. People harmed in one act share its `event_id`.
    roles
        Offenders and bystanders of each event: `event_id`, `person` (census index) and `role`,
        sorted by all of them.
    """

    incidents: pa.Table
    roles: pa.Table

    def roles_of(self, incidents: pa.Table, census: Census) -> pa.Table:
        """Give the roles in the events of some incidents, of people who are there on the day.

        Parameters
        ----------
        incidents
            Some of the incidents, in order of `event_id`, with a column `occurred_s`.
        census
            Census with everybody's days of coming and going.
        """
        events = incidents["event_id"].to_numpy()
        roles = self.roles.filter(pc.is_in(self.roles["event_id"], pa.array(events)))
        first = np.searchsorted(events, roles["event_id"].to_numpy())
        day = incidents["occurred_s"].to_numpy()[first] // DAY_S
        return roles.filter(pa.array(census.there(roles["person"].to_numpy(), day)))


@dataclass(frozen=True)
class AllViolence:
    """Everybody's acts of violence, and whom they harm, whoever is sampled."""

    acts: Acts
    harmed: Company
    peers: Peers

    def suffered_by(
        self, victims: Victims, period: Period, spec: Violence, chance: Stream
    ) -> ViolentEvents:
        """Keep the incidents of some victims, and the roles in these.

        Parameters
        ----------
        victims
            People whose incidents are kept.
        period, spec, chance
            As of `simulate_violence`.
        """
        census, own = victims.census, chance.stage("violence")
        company = own.stage("company")
        chosen = np.zeros(len(census.person_id), bool)
        chosen[victims.person] = True
        harmed = self.harmed.where(chosen[self.harmed.person])
        kept, place = np.unique(harmed.act, return_inverse=True)
        acts, harmed = self.acts.at(kept), replace(harmed, act=place)
        others = fellow_offenders(acts, census, self.peers, company)
        attackers = 1 + np.bincount(others.act, minlength=len(acts.ids))
        roles = _roles(acts, others, bystanders(acts, census, self.peers, company))
        scenes = find_scenes(acts, census, chance)
        harms = _harms(acts, harmed, attackers, scenes, census, period.start)
        circumstances = describe(harms, spec.severity, own)
        return ViolentEvents(_incidents(acts, harmed, harms, scenes, circumstances), roles)


def simulate_violence(
    census: Census, geography: Geography, period: Period, spec: Violence, chance: Stream
) -> AllViolence:
    """Draw the violence of the study period.

    All people of the census are harmed and harm, since company crosses households.

    Parameters
    ----------
    census
        Census of the scenario.
    geography
        Geography of Wales.
    period
        Period of the study.
    spec
        The amount of violence.
    chance
        The world's stream; draws are keyed by person, episode and incident.

    References
    ----------
    Levels follow the Crime Survey for England and Wales (prevalence of violence and of domestic
    abuse, half of incidents without injury) and the emergency-department rate of South Wales
    2014-16 (3.9 per 1,000 and year, Gray 2017) with its mix by relationship and place; see
    `reference/SOURCES.md`. Rates by age and sex are assumed.
    """
    own = chance.stage("violence")
    prone = proneness(census.person_id, census.household_id[census.household], chance)
    hazards = _hazards(census, geography, spec, prone, own)
    pool = Pool.of(census, geography, _readiness(census, spec, prone, own))
    acts = _acts(census, hazards, pool, period, own)
    company = own.stage("company")
    peers = Peers.of(census, company)
    return AllViolence(acts, _all_harmed(acts, fellow_victims(acts, census, peers, company)), peers)


def _readiness(census: Census, spec: Violence, prone: Floats, chance: Stream) -> Floats:
    """Give each person's own factor on the readiness to offend."""
    shared = spec.offending_by_proneness
    alone = chance.normal("readiness", census.person_id)
    drawn = shared * prone + np.sqrt(1 - shared**2) * alone
    return np.exp(spec.offending_sd * drawn) * np.where(census.visits, spec.visitors, 1.0)


def _acts(census: Census, hazards: Hazards, pool: Pool, period: Period, chance: Stream) -> Acts:
    """Draw everybody's acts, each with a victim and an offender."""
    episodes = begin_episodes(hazards, period, chance)
    timed = follow_episodes(episodes, period, chance)
    offenders = chance.stage("offenders")
    relation = relate(census, episodes.ids, episodes.kind, episodes.row, offenders)
    offender = choose_offenders(pool, relation, offenders)
    kind = episodes.kind[timed.episode]
    return Acts(
        ids=timed.ids,
        kind=kind,
        series=episodes.ids[timed.episode],
        turn=timed.turn,
        assault=assaults(timed.ids, kind, timed.turn, chance),
        victim=episodes.row[timed.episode],
        offender=offender[timed.episode],
        relationship=relation.relationship[timed.episode],
        occurred_s=timed.occurred_s,
    )


def _harms(
    acts: Acts,
    harmed: Company,
    attackers: Ints,
    scenes: Scenes,
    census: Census,
    start: int,
) -> Harms:
    act, person = harmed.act, harmed.person
    hit_back = harmed.turn == HIT_BACK
    age = ages_on(acts.occurred_s[act] // DAY_S, census.age_years[person], start)
    kind, relationship = _ties(acts, harmed, census, age)
    return Harms(
        ids=acts.ids[act] * MOST_VICTIMS + harmed.turn,
        event=acts.ids[act],
        kind=kind,
        turn=acts.turn[act],
        assault=acts.assault[act],
        hit_back=hit_back,
        age_years=census.age_years[person],
        man=census.sex[person] == 1,
        quintile=wales().quintile[census.lsoa[person]],
        relationship=relationship,
        attackers=np.where(hit_back, 1, attackers[act]),
        occurred_s=acts.occurred_s[act],
        place=seen_by(scenes.kind[act], person, acts.victim[act], census),
    )


def _incidents(
    acts: Acts,
    harmed: Company,
    harms: Harms,
    scenes: Scenes,
    circumstances: dict[str, pa.Array],
) -> pa.Table:
    act, first = harmed.act, harmed.turn == 0
    offender = np.where(harms.hit_back, acts.victim[act], acts.offender[act])
    # A series is one victim's; what befalls their company is none.
    series = np.where(first, acts.series[act] * MOST_VICTIMS, harms.ids)
    return pa.table(
        {
            "incident_id": harms.ids,
            "event_id": harms.event,
            "victim": harmed.person,
            "offender": offender,
            "series_id": series,
            "series_turn": np.where(first, harms.turn, 0) + 1,
            "relationship": coded(harms.relationship, RELATIONSHIP),
            "occurred_s": harms.occurred_s,
            "lsoa": scenes.lsoa[act],
            "site": scenes.site[act],
            "latitude": scenes.latitude[act],
            "longitude": scenes.longitude[act],
            "abroad": scenes.abroad[act],
            **circumstances,
        }
    )


def _all_harmed(acts: Acts, others: Company) -> Company:
    """List everybody harmed, in order of act and turn; the first victim has turn 0."""
    rows = np.arange(len(acts.ids))
    act = np.concatenate([rows, others.act])
    turn = np.concatenate([np.zeros(len(rows), np.int64), others.turn])
    order = order_of(act, turn)
    person = np.concatenate([acts.victim, others.person])
    return Company(act[order], turn[order], person[order])


def _ties(acts: Acts, harmed: Company, census: Census, age: Ints) -> tuple[Ints, Ints]:
    """Give each harmed person's kind of violence, and what the offender is to them.

    In the family, children who are harmed with the victim are children of the offender, and others
    are kin; outside it all are to the offender what the victim is. Whoever has come of age is no
    child any more, and no pupil. `age` has the people's ages at the act.
    """
    kind, relationship = acts.kind[harmed.act], acts.relationship[harmed.act]
    at_home = (harmed.turn > 0) & (harmed.turn != HIT_BACK) & np.isin(kind, _FAMILY_KINDS)
    young = age < _ADULT_YEARS
    with_offender = census.household[harmed.person] == census.household[acts.offender[harmed.act]]
    child = at_home & young & with_offender
    kin = (at_home & ~child) | ((kind == KINDS.index("child")) & ~young)
    kind = np.where(child, KINDS.index("child"), np.where(kin, KINDS.index("family"), kind))
    left_school = (kind == KINDS.index("school")) & (age >= _PUPIL_YEARS)
    kind = np.where(left_school, KINDS.index("acquaintance"), kind)
    return kind, np.where(child, _PARENT, np.where(kin, _FAMILY, relationship))


def _roles(acts: Acts, others: Company, seen: Company) -> pa.Table:
    """List the offenders and bystanders of acts."""
    act = np.concatenate([np.arange(len(acts.ids)), others.act, seen.act])
    person = np.concatenate([acts.offender, others.person, seen.person])
    number = [len(acts.ids), len(others.act), len(seen.act)]
    role = np.repeat([OFFENDER, OFFENDER, BYSTANDER], number)
    rows = order_of(acts.ids[act], role, person)
    return pa.table(
        {
            "event_id": acts.ids[act[rows]],
            "person": person[rows],
            "role": coded(role[rows], EVENT_ROLE),
        }
    )


def _hazards(
    census: Census, geography: Geography, spec: Violence, prone: Floats, chance: Stream
) -> Hazards:
    """Give each person's factors on the rates at which episodes begin.

    Rates are of people harmed: those of episodes are lower by the people whom an act harms besides.
    """
    lsoa = census.lsoa
    gradient = np.array([1.0, *spec.deprivation])[geography.quintile]
    public = gradient * np.where(geography.rural, spec.rural, 1.0)
    at_home = gradient**spec.domestic_deprivation
    at_home *= np.where(geography.rural, spec.domestic_rural, 1.0)
    frail, abused = (
        np.exp(sd * prone - sd**2 / 2) for sd in (spec.frailty_sd, spec.domestic_frailty_sd)
    )
    job = spec.job_sd * chance.normal("job", census.person_id) - spec.job_sd**2 / 2
    household = census.household
    has_partner = np.bincount(household, census.role == PARTNER, len(census.household_size)) > 0
    has_child = np.bincount(household, census.role == CHILD, len(census.household_size)) > 0
    alone = (has_child & ~has_partner)[household] & (census.place == 0)
    others = assault_rates() * (harmed_in_an_assault() - 1)
    visits = census.visits
    return Hazards(
        person_id=census.person_id,
        sex=census.sex,
        age_years=census.age_years,
        public_factor=public[lsoa] * frail * np.where(visits, spec.visitors, 1.0),
        # Abuse in homes outside Wales is no matter of Wales.
        domestic_factor=at_home[lsoa] * abused * ~visits,
        partner_factor=np.where(alone, spec.lone_parent, 1.0),
        job_factor=np.exp(job),
        scale=np.array([getattr(spec.scale, name) for name in KINDS]) / (1 + others),
    )
