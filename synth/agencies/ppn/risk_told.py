"""What is told of the risk to somebody: to officers for their notification, and to a conference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.people_written import PeopleWritten, WrittenMentions
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import OFFENCES, PPN_TYPE, RISK
from darkfigure.synth.agencies.police.other_work import RELATIONS
from darkfigure.synth.agencies.ppn.dash import answers
from darkfigure.synth.agencies.ppn.notify import Notifications
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.schema import INJURY, RELATIONSHIP, SEVERITY, SEX, WEAPON, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.text import Slot, Trait, mention_kinds
from darkfigure.synth.text.blows import BLOWS, blows
from darkfigure.synth.text.numerals import numerals
from darkfigure.synth.text.times_said import (
    DAY_SHARES,
    TIME_SHARES,
    days_said,
    rounded,
    times_said,
)

# Questions of DASH that texts speak of. Source: CAADA-DASH risk checklist
_QUESTIONS = {"separated": 6, "pregnant": 9, "control": 12, "threats": 14, "strangled": 15}
_YES_NO = ("no", "yes")
_VIOLENT = ("1", "5D", "8N", "105A", "11A")
_AGES, _BANDS = (11, 18), ("child", "teen", "adult")  # years; assumed
_CHILDREN = ("child1", "child2")  # whom texts name


@dataclass(frozen=True)
class RiskTold:
    """The risk of some notifications; arrays have one entry per text.

    Parameters
    ----------
    simulated
        The simulated events.
    ppn
        All notifications.
    rows
        The notification of each text.
    contradicts
        Rate at which a text says the opposite of an answer.
    chance
        Stream of the texts.
    """

    simulated: SimulatedEvents
    ppn: Notifications
    rows: Ints
    contradicts: float
    chance: Stream

    @property
    def event(self) -> Ints:
        """Ids of the events, which key the draws."""
        return self.ppn.event[self.rows]

    @property
    def cases(self) -> PoliceCases:
        """All police cases."""
        cases: PoliceCases = self.simulated.prepared["police"]
        return cases

    def traits(self) -> dict[str, Trait]:
        """Give everything on which wordings depend."""
        ppn, rows, census = self.ppn, self.rows, self.simulated.victims.census
        case = ppn.case[rows]
        incidents, at, real = self._incidents()
        hit = np.isin(self.cases.offence[case], [list(OFFENCES).index(code) for code in _VIOLENT])
        alcohol = np.asarray(incidents["alcohol"].to_numpy(zero_copy_only=False))
        yes = {
            "hit": hit & real,
            "drink": real & alcohol[at],
            **self._answers(),
        }
        sex = {
            name: np.where(person >= 0, census.sex[person], -1)
            for name, person in (("vsex", ppn.victim[rows]), ("ssex", ppn.suspect[rows]))
        }
        age = census.age_years[ppn.victim[rows]] + self._since_start()
        return {
            **{name: Trait(mask.astype(np.int64), _YES_NO) for name, mask in yes.items()},
            **{name: Trait(codes, tuple(SEX)) for name, codes in sex.items()},
            "kind": Trait(ppn.kind[rows], tuple(PPN_TYPE)),
            "relation": Trait(self._relation(), tuple(RELATIONSHIP)),
            "injury": Trait(np.maximum(self.cases.injury[case], 0), tuple(INJURY)),
            "blow": Trait(self._blow(), BLOWS),
            "grade": Trait(ppn.grade[rows], tuple(RISK)),
            "age": Trait(np.digitize(age, _AGES), _BANDS),
        }

    def _incidents(self) -> tuple[pa.Table, Ints, Mask]:
        incidents = self.simulated.incidents
        found = places(self.ppn.incident[self.rows], incidents["incident_id"].to_numpy())
        return incidents, np.maximum(found, 0), found >= 0

    def _since_start(self) -> Floats:
        start = self.simulated.period.start
        return (self.ppn.submitted_s[self.rows] / DAY_S - start) / DAYS_A_YEAR

    def _relation(self) -> Ints:
        incidents, at, real = self._incidents()
        ties, names = list(RELATIONSHIP), list(RELATIONS)
        of_case = np.array([ties.index(name) for name in names] + [ties.index("partner")])
        told = self.cases.relation[self.ppn.case[self.rows]]
        return np.where(real, codes_of(incidents["relationship"], ties)[at], of_case[told])

    def _blow(self) -> Ints:
        incidents, at, real = self._incidents()
        severity, weapon = (
            np.where(real, codes_of(incidents[name], codes)[at], 0)
            for name, codes in (("severity", SEVERITY), ("weapon", WEAPON))
        )
        intimate = np.isin(
            self._relation(), [list(RELATIONSHIP).index(name) for name in ("partner", "ex_partner")]
        )
        shared = self.simulated.chance.stage("police").stage("blows")
        return blows(severity, weapon, intimate, self.event, shared)

    def _answers(self) -> dict[str, Mask]:
        """Take answers to DASH; some texts say the opposite."""
        ppn, rows = self.ppn, self.rows
        chance = self.simulated.chance.stage("ppn")
        asked = answers(self.event, np.maximum(ppn.ticks[rows], 0), ppn.may_bear[rows], chance)
        said = {}
        for name, number in _QUESTIONS.items():
            yes = (ppn.ticks[rows] >= 0) & (asked[f"q{number:02d}"].indices.to_numpy() == 0)
            other = self.chance.happens(f"contradicts {name}", self.event, self.contradicts)
            said[name] = yes ^ (other & (ppn.ticks[rows] >= 0))
        said["pregnant"] &= ppn.may_bear[rows]
        return said

    def people(self, mentions: WrittenMentions, paper: Ints) -> dict[str, PeopleWritten]:
        """Find victim, suspect and two children as a table wrote them down.

        Parameters
        ----------
        mentions
            The table's mentions.
        paper
            Row of the paper of each text, shape (n,).
        """
        persons = {"victim": self.ppn.victim[self.rows], "suspect": self.ppn.suspect[self.rows]}
        for turn, name in enumerate(_CHILDREN):
            persons[name] = self._child(turn)
        return {name: mentions.find(paper, person) for name, person in persons.items()}

    def _child(self, turn: int) -> Ints:
        """Give a further child of each notification by its turn; -1 where there are fewer."""
        paper = self.ppn.child_paper
        place = np.searchsorted(paper, self.rows) + turn
        inside = np.minimum(place, max(len(paper) - 1, 0))
        if not len(paper):
            return np.full(len(self.rows), -1)
        return np.where(
            (place < len(paper)) & (paper[inside] == self.rows), self.ppn.child[inside], -1
        )

    def slots(self, people: Mapping[str, PeopleWritten], language: Ints) -> dict[str, Slot]:
        """Give everything that texts may name."""
        slots: dict[str, Slot] = {"ticks": Slot(numerals(np.maximum(self.ppn.ticks[self.rows], 0)))}
        for name, written in people.items():
            drawn, again = (
                self.chance.uniform(f"{form} {name}", self.event) for form in ("full", "short")
            )
            slots |= written.slots(name, drawn, again)
        second = self.cases.occurred_s[self.ppn.case[self.rows]]
        day_form = self.chance.pick("form of days", self.event, DAY_SHARES)
        time_form = self.chance.pick("form of times", self.event, TIME_SHARES)
        return slots | {
            "date": Slot(days_said(second // DAY_S, day_form, language), mention_kinds.DATE),
            "time": Slot(times_said(second, time_form), mention_kinds.TIME),
            "about": Slot(times_said(rounded(second), time_form), mention_kinds.TIME),
        }
