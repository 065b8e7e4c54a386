"""Custody records, charges, hearings and orders as a force writes them down."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.records import Tables, days, minutes
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import OFFENCES
from darkfigure.synth.agencies.police.numbers import nominal_references
from darkfigure.synth.agencies.police.people_named import first_nominal
from darkfigure.synth.agencies.police.prosecution.codes import (
    AFTER_CHARGE,
    CHARGED_HOW,
    CONDITIONS,
    COURT_LEVEL,
    DECIDED_BY,
    HEARD,
    HEARING,
    ORDER,
    RELEASE,
    RESULT,
    SENTENCE,
)
from darkfigure.synth.agencies.police.prosecution.hearings import CROWN
from darkfigure.synth.agencies.police.prosecution.orders import (
    ENDLESS,
    breaches,
    protective_orders,
)
from darkfigure.synth.agencies.police.put import put
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.reference import load
from darkfigure.synth.schema import FORCES, coded
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S, MINUTE_S
from darkfigure.synth.setting.geography import wales

_ADULT_YEARS = 18  # below which an appropriate adult is called. Source: PACE Code C
_VULNERABLE_RATE = 0.12  # adults in custody for whom one is called; assumed


class ProsecutionPages:
    """One force's papers on arrests, before they are written."""

    def __init__(self, simulated: SimulatedEvents, cases: PoliceCases) -> None:
        self.simulated, self.cases = simulated, cases
        self.chance = simulated.chance.stage("police")
        spec = cases.spec.prosecution.orders
        self.orders = protective_orders(simulated, cases, spec, self.chance)
        self.breaches = breaches(self.orders, cases, spec, self.chance)
        self.suspect = first_nominal(cases, 1, cases.suspect)
        self.victim = first_nominal(cases, 0, cases.victim)
        authority = wales().authority[cases.lsoa]
        sites = load("justice_sites")
        self.sites = {
            name: sites[name].combine_chunks().take(pa.array(authority))
            for name in sites.column_names
        }

    def write(self, number: int, out: Tables) -> None:
        """Write all tables of a force, by its index."""
        force = list(FORCES)[number]
        put(force, "custody", self._custody(number), out)
        put(force, "charges", self._charges(number), out)
        put(force, "hearings", self._hearings(number), out)
        put(force, "orders", self._orders(number), out)
        put(force, "order_breaches", self._breaches(number), out)

    def _number(self, case: Ints) -> pa.Array:
        return self.cases.number.take(pa.array(case))

    def _custody(self, number: int) -> pa.Table:
        arrests, custody = self.cases.arrests, self.cases.custody
        row = np.flatnonzero(custody.held & (self.cases.force[arrests.case] == number))
        case, event = arrests.case[row], arrests.event[row]
        census, day = self.simulated.victims.census, custody.detained_s[row] // DAY_S
        years = census.age_years[arrests.person[row]]
        young = ages_on(day, years, self.simulated.period.start) < _ADULT_YEARS
        frail = self.chance.stage("custody").happens("vulnerable", event, _VULNERABLE_RATE)
        bailed = custody.bail_until[row] >= 0
        return pa.table(
            {
                "custody_no": _numbers("custody", "CU", event, self.chance),
                "occurrence_no": self._number(case),
                "nominal_ref": nominal_references(self.suspect[case], number, self.chance),
                "suite": self.sites["custody_suite"].take(pa.array(case)),
                "arrested_at": minutes(arrests.arrested_s[row] + MINUTE_S - 1),
                "detained_at": minutes(custody.detained_s[row]),
                "released_at": minutes(custody.released_s[row]),
                "appropriate_adult": pa.array(young | frail),
                "extended": pa.array(custody.extended[row]),
                "release": coded(custody.release[row], RELEASE),
                "bail_until": days(custody.bail_until[row], missing=~bailed),
                "bail_conditions": coded(np.where(bailed, custody.conditions[row], -1), CONDITIONS),
            }
        )

    def _charges(self, number: int) -> pa.Table:
        charges = self.cases.charges
        row = np.flatnonzero(self.cases.force[charges.case] == number)
        case, courses = charges.case[row], charges.courses
        return pa.table(
            {
                "charge_no": _numbers("charge", "CH", charges.event[row], self.chance),
                "occurrence_no": self._number(case),
                "nominal_ref": nominal_references(self.suspect[case], number, self.chance),
                "charged_how": coded(charges.how[row], CHARGED_HOW),
                "charged_at": minutes(charges.charged_s[row]),
                "charge_code": coded(charges.offence[row], OFFENCES),
                "decided_by": coded(charges.decided_by[row], DECIDED_BY),
                "after_charge": coded(charges.after[row], AFTER_CHARGE),
                "bail_conditions": coded(charges.conditions[row], CONDITIONS),
                "first_court": self.sites["magistrates"].take(pa.array(case)),
                "first_hearing_on": days(charges.first_on[row]),
                "ended_on": days(courses.ended_on[row], missing=courses.ended_on[row] < 0),
                "result": coded(courses.result[row], RESULT),
                "sentence": coded(courses.sentence[row], SENTENCE),
            }
        )

    def _hearings(self, number: int) -> pa.Table:
        charges, heard = self.cases.charges, self.cases.charges.courses
        row = np.flatnonzero(self.cases.force[charges.case[heard.charge]] == number)
        event, case = charges.event[heard.charge[row]], charges.case[heard.charge[row]]
        at = pa.array(case)
        crown = pa.array(heard.level[row] == CROWN)
        court = pc.if_else(crown, self.sites["crown"].take(at), self.sites["magistrates"].take(at))
        key = (event << 3) + heard.turn[row]
        return pa.table(
            {
                "hearing_no": _numbers("hearing", "HG", key, self.chance),
                "charge_no": _numbers("charge", "CH", event, self.chance),
                "heard_on": days(heard.heard_on[row]),
                "court": court,
                "court_level": coded(heard.level[row], COURT_LEVEL),
                "hearing": coded(heard.hearing[row], HEARING),
                "heard": coded(heard.heard[row], HEARD),
            }
        )

    def _orders(self, number: int) -> pa.Table:
        orders = self.orders
        row = np.flatnonzero(self.cases.force[orders.case] == number)
        case, charge = orders.case[row], orders.charge[row]
        event = self.cases.event[case]
        number_of = _numbers("charge", "CH", event, self.chance)
        none = pa.scalar(None, pa.string())
        return pa.table(
            {
                "order_no": _numbers("order", "PO", orders.ids[row], self.chance),
                "order_kind": coded(orders.kind[row], ORDER),
                "occurrence_no": self._number(case),
                "protected_ref": nominal_references(self.victim[case], number, self.chance),
                "restrained_ref": nominal_references(self.suspect[case], number, self.chance),
                "made_on": days(orders.made_on[row]),
                "expires_on": days(
                    orders.expires_on[row], missing=orders.expires_on[row] >= ENDLESS
                ),
                "charge_no": pc.if_else(pa.array(charge >= 0), number_of, none),
            }
        )

    def _breaches(self, number: int) -> pa.Table:
        at, case = self.breaches
        own = self.cases.force[case] == number
        return pa.table(
            {
                "order_no": _numbers("order", "PO", self.orders.ids[at[own]], self.chance),
                "occurrence_no": self._number(case[own]),
            }
        )


def _numbers(kind: str, prefix: str, ids: Ints, chance: Stream) -> pa.Array:
    return scrambled(kind, ids, prefix=prefix, digits=16, chance=chance)
