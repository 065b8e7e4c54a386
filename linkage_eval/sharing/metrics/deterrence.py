"""Deterrence: people who stay away from emergency departments for fear of being reported.

::

    logit p1 = logit p0 - delta x awareness x (1 - trust at the time) x multipliers of the groups

for every later presentation once a flow from the departments has begun; delta is that of the most
identifying of these flows. The draw is the one by which the simulation decided each attendance, so
nobody comes who did not come before, and a higher delta only keeps more away.

The exchange rate sets incidents that become visible against presentations that are lost; its
break-even is the share of presentations lost at which one is lost for every incident gained.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import ALL, Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import WATCHERS, Of, quantity
from darkfigure.linkage_eval.sharing.metrics.visibility import GRANULARITIES, Sight
from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy, Trust
from darkfigure.linkage_eval.sharing.strategy.timing import start_of, to_days
from darkfigure.synth.core.arrays import Floats, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import build
from darkfigure.synth.reporting.contacts import Contacts
from darkfigure.synth.reporting.help_seeking import Marks, attendance_rate, deter, fear, groups_of
from darkfigure.synth.schema import INJURY, PLACE, RELATIONSHIP, SEVERITY, VIOLENCE, codes_of
from darkfigure.synth.storage.dataset import Dataset

_NEEDS = ("knowledge", "presentations", "sight")
_THIRD = np.log(3.0)


@dataclass(frozen=True)
class Presentations:
    """Incidents, with the attendances after them and those that a strategy would lose.

    Parameters
    ----------
    marks
        The marks of the incidents on which fear depends.
    came
        True where the victim came to an emergency department, shape (incidents,).
    lost
        True where the victim came and would have stayed away, shape (incidents,).
    """

    marks: Marks
    came: Mask
    lost: Mask

    def by_group(self) -> dict[str, tuple[int, int]]:
        """Count lost and all presentations, of everybody ("all") and of each group, by name."""
        groups = {"all": np.ones(len(self.came), bool), **groups_of(self.marks)}
        return {
            name: (int((self.lost & mark).sum()), int((self.came & mark).sum()))
            for name, mark in groups.items()
        }


class DeterredAttendance:
    """Attendances after an assault in one dataset, read once.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    """

    def __init__(self, dataset: Dataset) -> None:
        scenario = dataset.manifest["scenario"]
        incidents = _incidents(dataset)
        contacts = build(Contacts, scenario.get("contacts"), f"the scenario of {dataset.path}")
        seeking, usual = contacts.help_seeking, contacts.deterrence
        self._marks = _marks(incidents)
        self._before = attendance_rate(self._marks, seeking, usual)
        self._days = to_days(incidents["occurred_at"])
        self._start = float(to_days(pa.array([scenario["start"]]).cast(pa.date32()))[0])
        self._came = incidents["ed_attended"].to_numpy(zero_copy_only=False)
        self._chance = Stream(int(dataset.manifest["seed"]), ("contacts",))
        self._salted = "salt" in dataset.manifest

    def under(self, strategy: SharingStrategy) -> Presentations:
        """Find the presentations that a strategy loses."""
        pressure = _pressure(strategy, self._days, self._start)
        frightened = fear(self._marks, strategy.deterrence.groups)
        after = deter(self._before, pressure * frightened)
        comes = self._drawn() < after
        return Presentations(self._marks, self._came, self._came & ~comes)

    def _drawn(self) -> Floats:
        """Give the draws that decided attendance: somebody comes whose draw is below their rate.

        A salted world's own draws need its salt. Without it, the draws of people who came are known
        to be below their rate, and their place below it is drawn anew.
        """
        drawn = self._chance.uniform("ed", self._marks.ids)
        return drawn * self._before if self._salted else drawn


@metric(
    name="presentations_lost",
    label="Attendances lost",
    meaning="attendances after an assault by people who would have stayed away",
    formula="sum of attended under p0 and not under p1, by the same draws",
    direction="lower",
    unit="attendances",
    needs=("presentations",),
)
@metric(
    name="presentations_lost_share",
    label="Share of attendances lost",
    meaning="the same as a share of all attendances after an assault",
    formula="presentations lost / attendances",
    direction="lower",
    unit="share",
    needs=("presentations",),
)
def measure_lost(presentations: Presentations) -> list[Measurement]:
    """Measure the attendances that a strategy loses, of everybody and of each group."""
    rows = []
    for group, (lost, came) in presentations.by_group().items():
        of = Of(ALL, "group" if group != ALL else ALL, group)
        share = lost / came if came else None
        rows += [
            quantity("presentations_lost", float(lost), n=came, of=of),
            quantity("presentations_lost_share", share, n=came, of=of, why="nobody comes"),
        ]
    return rows


@metric(
    name="exchange_rate",
    label="Incidents seen for each attendance lost",
    meaning="incidents that become visible to the recipient for each presentation that is lost",
    formula="newly visible incidents / presentations lost; none where none is lost",
    direction="higher",
    unit="incidents",
    needs=_NEEDS,
)
@metric(
    name="break_even_lost_share",
    label="Loss that breaks even",
    meaning="share of presentations whose loss would cost as many incidents as the strategy shows",
    formula="c / (1 + c), c = newly visible incidents / attendances",
    direction="higher",
    unit="share",
    needs=_NEEDS,
)
def measure_exchange(
    knowledge: Knowledge, presentations: Presentations, sight: Sight
) -> list[Measurement]:
    """Set the attended incidents that watchers newly see against presentations that are lost."""
    rows = []
    for watcher in WATCHERS:
        own, shown = sight.see(knowledge.log[:0], watcher), sight.see(knowledge.log, watcher)
        for granularity in GRANULARITIES:
            new = pc.and_(pc.is_valid(shown[granularity]), pc.is_null(own[granularity]))
            rows += _exchange(Of(watcher, granularity), new.to_numpy(), presentations)
    return rows


def _exchange(of: Of, new: Mask, presented: Presentations) -> list[Measurement]:
    n_lost, n_came = int(presented.lost.sum()), int(presented.came.sum())
    gained = int((new & presented.came).sum())
    share = gained / (gained + n_came) if n_came else None
    why = "nobody stays away" if n_came else "nobody comes"
    rate = gained / n_lost if n_lost else None
    return [
        quantity("exchange_rate", rate, n=n_lost, of=of, why=why),
        quantity("break_even_lost_share", share, n=n_came, of=of, why=why),
    ]


def lost_attendances(dataset: Dataset, presentations: Presentations) -> list[str]:
    """Give the attendance numbers of lost presentations.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    presentations
        As `DeterredAttendance.under` gives them.
    """
    lost = query(
        """SELECT record_id FROM about JOIN lost USING (incident_id)
        WHERE source::VARCHAR = 'ed' ORDER BY record_id""",
        about=dataset.read("truth/record_incidents"),
        lost=pa.table({"incident_id": presentations.marks.ids[presentations.lost]}),
    )
    return list(lost["record_id"].to_pylist())


def public_trust(trust: Trust, days: Floats) -> Floats:
    """Give the public's trust over time.

    Parameters
    ----------
    trust
        Usual trust, and perhaps a scandal.
    days
        Days since the study began, shape (n,).

    Returns
    -------
    Trust from 0 to 1, shape (n,).
    """
    level = np.full(len(days), trust.public)
    if trust.scandal is None:
        return level
    since = days - days_of(trust.scandal.at)
    recovery = days_of(trust.scandal.recovery) / (2 if trust.scandal.consultation else 1)
    left = np.where(since >= 0, np.exp(-_THIRD * np.maximum(since, 0) / recovery), 0.0)
    return np.clip(level - trust.scandal.drop * left, 0.0, 1.0)


def _pressure(strategy: SharingStrategy, days: Floats, start: float) -> Floats:
    """Give the fall in log odds of each presentation, before the multipliers of groups."""
    chill = strategy.deterrence
    delta = np.zeros(len(days))
    for flow in strategy.flow:
        if flow.source.kind == "ed":
            begun = days >= start_of(flow, strategy, start)
            own = chill.delta.get(flow.identifiability, 0.0)
            delta = np.maximum(delta, np.where(begun, own, 0.0))
    distrust = 1 - public_trust(strategy.trust, days - start)
    return delta * chill.awareness * distrust


def _incidents(dataset: Dataset) -> pa.Table:
    return query(
        """SELECT i.*, p.sex::VARCHAR AS sex, p.deprivation_quintile AS quintile,
            date_diff('day', p.birth_date, i.occurred_at::DATE) / 365.25 AS age_years
        FROM incidents AS i JOIN persons AS p ON p.person_id = i.victim_id
        ORDER BY incident_id""",
        incidents=dataset.read("truth/incidents"),
        persons=dataset.read(
            "truth/persons", ["person_id", "sex", "birth_date", "deprivation_quintile"]
        ),
    )


def _marks(incidents: pa.Table) -> Marks:
    """Gather the marks on which fear depends; deprivation is that of the victim's home."""
    n_incidents = incidents.num_rows
    return Marks(
        ids=incidents["incident_id"].to_numpy(),
        event=incidents["event_id"].to_numpy(),
        kind=codes_of(incidents["kind"], VIOLENCE),
        relationship=codes_of(incidents["relationship"], RELATIONSHIP),
        injury=codes_of(incidents["injury"], INJURY),
        severity=codes_of(incidents["severity"], SEVERITY),
        place=codes_of(incidents["place"], PLACE),
        age_years=incidents["age_years"].to_numpy(),
        male=np.array([sex == "M" for sex in incidents["sex"].to_pylist()], bool),
        quintile=pc.fill_null(incidents["quintile"], 0).to_numpy().astype(np.int64),
        force=np.zeros(n_incidents, np.int64),
        visits=np.zeros(n_incidents, bool),  # of no moment for fear, as those that follow
        abroad=np.zeros(n_incidents, bool),
        lived_on=np.zeros(n_incidents, bool),
    )
