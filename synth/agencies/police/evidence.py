"""Evidence for warning markers: what a force has on record of a nominal, and what it points to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import INCIDENT_TYPE, OFFENCES
from darkfigure.synth.agencies.police.further_people import SUSPECT, VICTIM
from darkfigure.synth.agencies.police.kinds_of_work import CRIME, INTELLIGENCE
from darkfigure.synth.agencies.police.marker_codes import MARKER
from darkfigure.synth.agencies.police.prosecution.hearings import FOUND
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.schema import WEAPON
from darkfigure.synth.setting.calendar import DAY_S

_CODES, _KINDS = list(OFFENCES), list(MARKER)
_GRAVE, _HURT, _NOT_HURT = ("1", "5D", "34B"), ("8N",), ("105A", "9A")
_POLICE, _DRUGS, _BLADE = ("104", "8S"), ("92D", "92E"), ("10D",)
_SEXUAL = ("17A", "19C", "19D", "19F", "20A", "22B")
# Shares of occasions on which somebody thinks of the marker; assumed.
_VIOLENT_RATES = {_GRAVE: 0.7, _HURT: 0.3, _NOT_HURT: 0.05, _POLICE: 0.5}
# The same of suspects by what they did; assumed.
_WEAPON_RATE, _BLADE_RATE, _POLICE_RATE, _DRUGS_RATE = 0.4, 0.6, 0.7, 0.35
# The same of suspects and subjects of intelligence; assumed.
_DOMESTIC_RATE, _SEXUAL_RATE, _BAIL_RATE, _INTELLIGENCE_RATE = 0.25, 0.95, 0.35, 0.1
_ILL_RATE, _HARMS_RATE = 0.12, 0.12  # of somebody vulnerable in an incident; assumed
# The same of somebody in custody; assumed.
_HELD_HARM_RATE, _HELD_ILL_RATE, _AILMENT_RATE = 0.07, 0.06, 0.1
_VICTIM_RATE, _VICTIM_FROM = 0.4, 3  # of a victim's third domestic case, and later ones; assumed


@dataclass(frozen=True)
class Evidence:
    """Occasions on which somebody thought of a marker; arrays have one entry per occasion."""

    nominal: Ints
    kind: Ints  # index into MARKER
    case: Ints  # row in the cases, -1 where it was none
    day: Ints


def evidence(cases: PoliceCases, own: Ints, chance: Stream) -> Evidence:
    """Find the occasions on which somebody thought of a marker, among meetings.

    Parameters
    ----------
    cases
        Cases of all forces.
    own
        Meetings to look at.
    chance
        Stream of the markers; draws are keyed by event.
    """
    found = _Occasions(cases, own, chance)
    suspected = found.met.role[own] == SUSPECT
    crime = suspected & (cases.category[found.case] == CRIME)
    for codes, rate in _VIOLENT_RATES.items():
        found.add("violent", crime & found.offence(codes), rate)
    armed = [list(WEAPON).index(name) for name in ("sharp", "glass", "blunt")]
    found.add("weapons", crime & np.isin(cases.weapon[found.case], armed), _WEAPON_RATE)
    found.add("weapons", crime & found.offence(_BLADE), _BLADE_RATE)
    found.add("police", crime & found.offence(_POLICE), _POLICE_RATE)
    found.add("drugs", crime & found.offence(_DRUGS), _DRUGS_RATE)
    told = suspected & (cases.category[found.case] == INTELLIGENCE)
    found.add("drugs", told, _INTELLIGENCE_RATE)
    found.add("domestic", crime & cases.domestic[found.case].astype(bool), _DOMESTIC_RATE)
    vulnerable = cases.incident_type[found.case] == list(INCIDENT_TYPE).index("vulnerable")
    vulnerable &= found.met.role[own] == VICTIM
    found.add("mental", vulnerable, _ILL_RATE)
    found.add("self_harm", vulnerable, _HARMS_RATE)
    found.add("victim", found.again_a_victim(), _VICTIM_RATE)
    found.of_custody(crime)
    found.of_courts(crime)
    return found.joined()


def put_together(*parts: Evidence) -> Evidence:
    """Put occasions after one another."""
    columns = zip(*(vars(part).values() for part in parts), strict=True)
    return Evidence(*(np.concatenate(column) for column in columns))


class _Occasions:
    """Occasions as they are collected, one kind after another."""

    def __init__(self, cases: PoliceCases, own: Ints, chance: Stream) -> None:
        self.cases, self.own, self.met, self.chance = cases, own, cases.meetings, chance
        self.case = cases.meetings.case[own]
        self.reported = cases.reported_s[self.case] // DAY_S
        self.parts: list[tuple[Ints, Ints, Ints, Ints]] = []

    def offence(self, codes: tuple[str, ...]) -> Mask:
        """Mark the meetings in cases of some offences."""
        return np.isin(self.cases.offence[self.case], [_CODES.index(code) for code in codes])

    def add(self, kind: str, chosen: Mask, rate: float, day: Ints | None = None) -> None:
        """Add a share of some meetings, on the day of the report or another."""
        row = np.flatnonzero(chosen)
        event = self.cases.event[self.case[row]]
        row = row[self.chance.happens(f"marked_{kind}", event, rate)]
        self.parts.append(
            (
                self.met.nominal[self.own[row]],
                np.full(len(row), _KINDS.index(kind)),
                self.case[row],
                (self.reported if day is None else day)[row],
            )
        )

    def again_a_victim(self) -> Mask:
        """Mark the third and later domestic cases of each victim's nominal."""
        domestic = self.cases.domestic[self.case].astype(bool)
        row = np.flatnonzero(domestic & (self.met.role[self.own] == VICTIM))
        order = np.lexsort((self.reported[row], self.met.nominal[self.own[row]]))
        turn = place_in_runs(self.met.nominal[self.own[row[order]]])
        chosen = np.zeros(len(self.own), bool)
        chosen[row[order][turn >= _VICTIM_FROM - 1]] = True
        return chosen

    def of_custody(self, crime: Mask) -> None:
        """Add what custody officers ask about: the first suspect of a case is the one held."""
        arrests, custody = self.cases.arrests, self.cases.custody
        if not len(arrests.case):
            return
        at = self._first(crime, arrests.case)
        held = (at >= 0) & custody.held[at]
        day = custody.detained_s[at] // DAY_S
        for kind, rate in (
            ("self_harm", _HELD_HARM_RATE),
            ("mental", _HELD_ILL_RATE),
            ("ailment", _AILMENT_RATE),
        ):
            self.add(kind, held, rate, day)

    def of_courts(self, crime: Mask) -> None:
        """Add convictions of sexual offences, and crimes while a charge is before a court."""
        charges = self.cases.charges
        if not len(charges.case):
            return
        at = self._first(crime, charges.case)
        result, ended = charges.courses.result[at], charges.courses.ended_on[at]
        convicted = (at >= 0) & (result >= 0) & (result <= FOUND) & self.offence(_SEXUAL)
        self.add("sexual", convicted, _SEXUAL_RATE, ended)
        self.add("bail", crime & self._on_bail(crime, at), _BAIL_RATE)

    def _first(self, crime: Mask, listed: Ints) -> Ints:
        """Give the row of each meeting's case in an ascending list, of its first suspect alone."""
        at = places(self.case, listed)
        first = self.met.person[self.own] == self.cases.suspect[self.case]
        return np.where(crime & first, at, -1)

    def _on_bail(self, crime: Mask, at: Ints) -> Mask:
        """Mark crimes of somebody with an earlier charge before a court, of the same nominal."""
        charges, nominal = self.cases.charges, self.met.nominal[self.own]
        brought = np.flatnonzero(at >= 0)
        begins = charges.charged_s[at[brought]] // DAY_S
        ends = charges.courses.ended_on[at[brought]]
        ends = np.where(ends < 0, _LATER, ends)
        # The latest charge before each crime is the one that counts.
        span = nominal[brought] * _LATER + begins
        order = np.argsort(span, kind="stable")
        last = np.searchsorted(span[order], nominal * _LATER + self.reported, side="left") - 1
        row = order[np.maximum(last, 0)] if len(order) else np.zeros(len(last), np.int64)
        if not len(order):
            return np.zeros(len(nominal), bool)
        same = (last >= 0) & (nominal[brought][row] == nominal)
        return np.asarray(same & (self.reported < ends[row]) & crime)

    def joined(self) -> Evidence:
        """Put all occasions after one another."""
        return Evidence(*(np.concatenate(part) for part in zip(*self.parts, strict=True)))


_LATER = 1 << 20  # day after every study; no rate
