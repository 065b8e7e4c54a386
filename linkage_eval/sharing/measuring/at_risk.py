"""People at serious risk: whether protecting agencies would find them, and how soon.

Two rules: three incidents of violence by a partner or family within a year, and a child who
suffers or sees violence at home. An agency counts the records in which it can name somebody, its
own included. It raises false alarms: two records of one incident are two to it, and a record of a
child who was hurt seldom names the offender, so that the agency takes all such children for hurt
at home (assumed). An agency is taken to recognise every person whom it can name: with missed links
it would find fewer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import Of, quantity
from darkfigure.linkage_eval.sharing.metrics.serious_risk import any_event, find_at_risk, repeated
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.timing import to_days
from darkfigure.synth.storage.dataset import Dataset

PROTECTORS = ("police:*", "social_care:*", "mash:*")
_NEEDS = ("remaining", "risks")
_TIMES, _WITHIN, _HORIZON = 3, 365.0, 365.0  # as MARAC counts repeats; assumed
_RULES: dict[str, Callable[[np.ndarray, np.ndarray], dict[int, float]]] = {
    "repeat_domestic": lambda person, day: repeated(person, day, times=_TIMES, within_days=_WITHIN),
    "child": any_event,
}
# The people whom each incident concerns under each rule, truly and as records make it look.
_CONCERNED = """
WITH met AS (
    SELECT incident_id, victim_id AS person_id, occurred_at, kind, 'child' AS rule FROM incidents
    UNION SELECT incident_id, person_id, occurred_at, kind, 'child' FROM incidents JOIN witnesses
        USING (incident_id)
    UNION SELECT incident_id, victim_id, occurred_at, kind, 'repeat_domestic' FROM incidents
        WHERE kind::VARCHAR IN ('partner', 'family'))
SELECT incident_id, person_id, occurred_at, rule,
    kind::VARCHAR IN ('partner', 'family', 'child') AS truly
FROM met JOIN persons USING (person_id)
WHERE rule <> 'child' OR occurred_at < birth_date + INTERVAL 18 YEAR
"""
# An agency's own records are no news to it when they come back.
_KNOWN = """
SELECT DISTINCT about.record_id AS event, person_id, rule, usable_at AS known_at
FROM log JOIN about ON about.source = log.source AND about.record_id = log.record
JOIN who ON who.source = log.source AND who.record_id = log.subject
JOIN concerned USING (incident_id, person_id)
WHERE split_part(log.source, '/', 1) <> '{kind}'
UNION ALL
SELECT DISTINCT contacts.contact_id::VARCHAR, person_id, rule, learned_at
FROM contacts JOIN incidents USING (incident_id) JOIN concerned USING (incident_id)
WHERE person_id = victim_id AND split_part(contacts.source::VARCHAR, '/', 1) = '{kind}'
"""


class Risks:
    """The people at serious risk in a dataset, and since when; its truth is read once.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._end = AgencyView.of(dataset).study_end

    def measure(self, knowledge: Knowledge, recipient: str) -> list[Measurement]:
        """Measure the people at risk whom an agency would find by each rule.

        Parameters
        ----------
        knowledge
            The knowledge of every recipient of a strategy.
        recipient
            The agency, such as "police:*".

        Returns
        -------
        As `quantity` makes them.
        """
        log = knowledge.shared
        log = log.filter(pc.and_(pc.equal(log["recipient"], recipient), log["person"]))
        kind = recipient.split(":", maxsplit=1)[0]
        known = query(_KNOWN.format(kind=kind), log=log, **self._truth)
        return [row for rule in _RULES for row in self._judge(rule, known, recipient)]

    def _judge(self, rule: str, known: pa.Table, recipient: str) -> list[Measurement]:
        concerned = self._truth["concerned"]
        onset = _met(rule, concerned.filter(concerned["truly"]), "occurred_at")
        detection = find_at_risk(
            onset, _met(rule, known, "known_at"), end_day=self._end, horizon_days=_HORIZON
        )
        values = {
            "found_share": detection.recall,
            "unfound_days": detection.restricted_mean_days,
            "false_alarms": detection.false_alarms_per_true,
        }
        reason = "nobody is flagged rightly" if onset else "nobody is at risk"
        return [
            quantity(
                f"at_risk_{name}",
                value,
                n=detection.n_at_risk,
                of=Of(recipient, "rule", rule),
                why=reason,
            )
            for name, value in values.items()
        ]

    @cached_property
    def _truth(self) -> dict[str, pa.Table]:
        read = self._dataset.read
        incidents = read("truth/incidents", ["incident_id", "victim_id", "kind", "occurred_at"])
        concerned = query(
            _CONCERNED,
            incidents=incidents,
            witnesses=read("truth/incident_witnesses"),
            persons=read("truth/persons", ["person_id", "birth_date"]),
        )
        return {
            "incidents": incidents,
            "concerned": concerned,
            "contacts": read("truth/contacts"),
            "about": _distinct(read("truth/record_incidents"), "incident_id"),
            "who": _distinct(read("truth/record_persons"), "person_id"),
        }


@metric(
    name="at_risk_found_share",
    label="People at risk found",
    meaning="share of the people at serious risk whom an agency would flag by the end of the study",
    formula="flagged and at risk / at risk, by rule",
    direction="higher",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name="at_risk_unfound_days",
    label="Days unfound, of 365",
    meaning="mean days, of the first year since the onset, in which a person at risk is not "
    "flagged",
    formula="area below the Kaplan-Meier curve until day 365",
    direction="lower",
    unit="days",
    needs=_NEEDS,
    source="Kaplan and Meier (1958)",
)
@metric(
    name="at_risk_false_alarms",
    label="False alarms for each found",
    meaning="people flagged who are not at risk, for each one flagged who is",
    formula="flagged and not at risk / flagged and at risk",
    direction="lower",
    unit="people",
    needs=_NEEDS,
)
def measure_at_risk(remaining: Knowledge, risks: Risks) -> list[Measurement]:
    """Measure whom each protecting agency would find."""
    return [row for protector in PROTECTORS for row in risks.measure(remaining, protector)]


def _met(rule: str, events: pa.Table, when: str) -> dict[int, float]:
    """Find the day, since 1970, on which each person first meets a rule."""
    ruled = events.filter(pc.equal(events["rule"], rule))
    return _RULES[rule](ruled["person_id"].to_numpy(), to_days(ruled[when]))


def _distinct(table: pa.Table, key: str) -> pa.Table:
    sql = f"SELECT DISTINCT source::VARCHAR AS source, record_id, {key} FROM given"  # noqa: S608
    return query(sql, given=table)
