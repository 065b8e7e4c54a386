"""The registrars of deaths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.deaths.tables import DEATH_CAUSES, DEATHS, PLACE_OF_DEATH
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, killed_in
from darkfigure.synth.agencies.framework.last_days import last_days
from darkfigure.synth.agencies.framework.records import Records, Tables, days, write_records
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reference import load
from darkfigure.synth.schema import PLACE, SITES, WEAPON, coded, codes_of
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.hospitals import major_departments
from darkfigure.synth.setting.working_days import working_day

_REGISTRARS = 6  # of an authority; assumed
# Causes of death by assault: sharp object, blunt object, bodily force, other means.
_KILLED_WITH = {"none": "Y04X", "blunt": "Y00X", "glass": "X99X", "sharp": "X99X", "other": "Y08X"}
_EXTERNAL = "V"  # first code of external causes. Source: ICD-10, well known


class DeathRegistration(Spec):
    """Registration of deaths."""

    delay_days: Amount = 6.0
    """Days from death to registration, mean; the law asks for five."""
    inquest_rate: Rate = 0.03
    """Share of deaths by disease of which a coroner holds an inquest; of others, all. Assumed."""
    inquest_days: Amount = 190.0
    """Days from such a death to its registration, mean; assumed."""


class Registrars(Agency):
    """The agency of the registrars of births and deaths, of which only the deaths are simulated."""

    def write_block(
        self, block: SampleBlock, prepared: None, spec: DeathRegistration, out: Tables
    ) -> None:
        """Register the deaths of a block's people."""
        del prepared
        context, period = block.context, block.context.period
        people, chance = context.people, context.chance.stage("deaths")
        died = people.death_day
        dead = np.flatnonzero(died < period.end)
        cause, place, site = _how(block, dead)
        registered = _registered(block, dead, cause, spec)
        # Deaths of people who have left Wales are registered elsewhere.
        here = died[dead] >= period.start
        here &= (registered < period.end) & (died[dead] <= people.gone_day[dead])
        row, registered, cause, place, site = (
            part[here] for part in (dead, registered, cause, place, site)
        )
        ids, authority = people.person_id[row], wales().authority[people.lsoa[row]]
        killed = _Killed.of(block, row)
        records = Records(
            shape=DEATHS,
            key=scrambled("entry", ids, prefix="DE", digits=8, chance=chance),
            ids=ids,
            row=row,
            known_on=died[row],
            event_on=died[row],
            clerk=authority * 10 + chance.below("registrar", ids, _REGISTRARS),
            columns={
                "registered_on": days(registered),
                "died_on": days(died[row]),
                "underlying_cause": killed.causes(cause),
                "place_of_death": killed.places(place),
                "establishment": killed.sites(site, context.chance),
            },
        )
        write_records(context, records, out)


@dataclass(frozen=True)
class _Killed:
    """The people among the dead whom somebody killed; arrays have one entry per killed."""

    at: Ints  # among the dead
    weapon: Ints
    place: Ints
    in_hospital: Mask
    incident: Ints
    lsoa: Ints  # from which each came to the hospital

    @classmethod
    def of(cls, block: SampleBlock, dead: Ints) -> _Killed:
        """Find the dead who were killed, by their rows."""
        incidents = block.incidents
        fatal = incidents.filter(pa.array(killed_in(incidents)))
        at = places(fatal["row"].to_numpy(), dead)
        fatal, at = fatal.filter(pa.array(at >= 0)), at[at >= 0]
        return cls(
            at=at,
            weapon=codes_of(fatal["weapon"], WEAPON),
            place=codes_of(fatal["place"], PLACE),
            in_hospital=pc.or_(fatal["ed_attended"], fatal["ed_england"]).to_numpy(),
            incident=fatal["incident_id"].to_numpy(),
            lsoa=fatal["ed_lsoa"].to_numpy(),
        )

    @staticmethod
    def rows(block: SampleBlock) -> Ints:
        """Give the rows of all people whom somebody killed."""
        killed = killed_in(block.incidents)
        return np.asarray(block.incidents["row"].to_numpy()[killed])

    def causes(self, codes: Ints) -> pa.DictionaryArray:
        """Write the assault as the cause of their deaths."""
        of_weapon = np.array([list(DEATH_CAUSES).index(_KILLED_WITH[name]) for name in WEAPON])
        codes[self.at] = of_weapon[self.weapon]
        return coded(codes, DEATH_CAUSES)

    def places(self, codes: Ints) -> pa.DictionaryArray:
        """Write where they died."""
        home, hospital, other = (
            list(PLACE_OF_DEATH).index(name) for name in ("home", "hospital", "other")
        )
        at_home = self.place == list(PLACE).index("own_home")
        codes[self.at] = np.where(self.in_hospital, hospital, np.where(at_home, home, other))
        return coded(codes, PLACE_OF_DEATH)

    def sites(self, codes: Ints, world: Stream) -> pa.DictionaryArray:
        """Write the hospitals where they died, as the departments draw them."""
        site = major_departments(self.lsoa, self.incident << 1, world)
        codes[self.at] = np.where(self.in_hospital, site, -1)
        return coded(codes, SITES)


def _registered(block: SampleBlock, row: Ints, cause: Ints, spec: DeathRegistration) -> Ints:
    """Draw the day on which each death is registered: after an inquest, months later."""
    people, chance = block.context.people, block.context.chance.stage("deaths")
    codes = np.array(list(DEATH_CAUSES))
    violent = (codes[cause] >= _EXTERNAL) | np.isin(row, _Killed.rows(block))
    ids = people.person_id[row]
    inquest = violent | chance.happens("inquest", ids, spec.inquest_rate)
    mean = np.where(inquest, spec.inquest_days, spec.delay_days)
    wait = 1 + chance.exponential("delay", ids) * mean
    return working_day(people.death_day[row] + wait.astype(np.int64))


def _how(block: SampleBlock, row: Ints) -> tuple[Ints, Ints, Ints]:
    """Give cause, place and hospital of some deaths; those who were killed have none yet."""
    dying = last_days(block.context, block.incidents)
    causes = load("death_causes")["icd"].to_pylist()
    numbers = np.array([list(DEATH_CAUSES).index(code) for code in causes])
    cause, place = np.zeros((2, len(block.context.people.person_id)), np.int64)
    site = np.full(len(cause), -1)
    cause[dying.row], place[dying.row] = numbers[dying.cause], dying.place
    site[dying.row] = dying.site
    return cause[row], place[row], site[row]
