"""Effort of sharing: the days until a record can be used, and hours of work."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import SHARED, STATUSES, Knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import Of, quantities, quantity
from darkfigure.linkage_eval.sharing.metrics.visibility import Sight

_MINUTES = 60


def tabulate_flows(knowledge: Knowledge) -> pa.Table:
    """Count the records of each flow and recipient by status.

    Returns
    -------
    `flow`, `recipient`, `asked_for`, `shared`, `why_not` (reasons and counts), `median_days` and
    `p95_days` from event to usable.
    """
    # The order of the reasons is the order in which the engine asks.
    reasons = " UNION ALL ".join(
        f"SELECT '{status}' AS status, {place} AS place" for place, status in enumerate(STATUSES)
    )
    return query(
        f"""WITH days AS (
            SELECT flow, recipient, status,
                epoch(usable_at - event_at) / 86400 AS days FROM log),
        reasons AS ({reasons}),
        counted AS (
            SELECT flow, recipient, status, count(*) AS n FROM days GROUP BY ALL)
        SELECT flow, recipient, count(*) AS asked_for,
            count(*) FILTER (WHERE status = '{SHARED}') AS shared,
            coalesce((SELECT string_agg(n || ' ' || replace(status, '_', ' '), ', ' ORDER BY place)
                FROM counted JOIN reasons USING (status)
                WHERE counted.flow = days.flow AND counted.recipient = days.recipient
                    AND status <> '{SHARED}'), '') AS why_not,
            median(days) AS median_days, quantile_cont(days, 0.95) AS p95_days
        FROM days GROUP BY flow, recipient ORDER BY flow, recipient""",  # noqa: S608, our own names
        log=knowledge.log,
    )


@metric(
    name="records_shared",
    label="Records shared",
    meaning="records that reached a recipient",
    formula="count",
    direction="neither",
    unit="records",
    needs=("knowledge",),
)
@metric(
    name="days_to_usable_median",
    label="Days to usable, median",
    meaning="median days from an event until the recipient can use its record",
    formula="median of usable - event, over shared records",
    direction="lower",
    unit="days",
    needs=("knowledge",),
)
@metric(
    name="days_to_usable_p95",
    label="Days to usable, of 95 %",
    meaning="days within which 95 % of the shared records are usable",
    formula="95th percentile of usable - event",
    direction="lower",
    unit="days",
    needs=("knowledge",),
)
@metric(
    name="bytes_shared",
    label="Bytes shared",
    meaning="size of all that recipients hold",
    formula="bytes as Arrow tables",
    direction="neither",
    unit="bytes",
    needs=("knowledge",),
)
@metric(
    name="work_hours",
    label="Hours of work",
    meaning="hours that people work on records",
    formula="minutes of each flow / 60 x records released",
    direction="lower",
    unit="hours",
    needs=("knowledge",),
)
@metric(
    name="agreements",
    label="Agreements",
    meaning="agreements to be made: one a pair of agencies, one a record in project scope",
    formula="pairs of source and recipient + releases of project flows",
    direction="lower",
    unit="agreements",
    needs=("knowledge",),
)
@metric(
    name="made_up_share",
    label="Filled in only to pass",
    meaning="share of the shared records with a demanded field that was filled in only to pass",
    formula="records so filled in / records shared",
    direction="lower",
    unit="share",
    needs=("knowledge",),
)
def measure_effort(knowledge: Knowledge) -> list[Measurement]:
    """Measure the effort of a strategy."""
    return quantities(effort_of(knowledge), knowledge.shared.num_rows)


@metric(
    name="outcome_share",
    label="What became of records",
    meaning="share of the records asked for that were shared, or were not for one reason",
    formula="records of one status / records asked for",
    direction="neither",
    unit="share",
    needs=("knowledge",),
)
def measure_outcomes(knowledge: Knowledge) -> list[Measurement]:
    """Measure what became of the records that flows asked for, each once for each flow."""
    first = [flow.recipient.agency for flow in knowledge.strategy.flow]
    log = knowledge.log.filter(pc.is_in(knowledge.log["recipient"], pa.array(first, pa.string())))
    counted = {row["values"]: row["counts"] for row in log["status"].value_counts().to_pylist()}
    return [
        quantity(
            "outcome_share",
            counted.get(status, 0) / log.num_rows if log.num_rows else None,
            n=log.num_rows,
            of=Of(stratum_kind="outcome", stratum=status),
            why="nothing is asked for",
        )
        for status in STATUSES
    ]


@metric(
    name="duplicate_assessments",
    label="Assessed again",
    meaning="further agencies that each learn of one incident by name, for it to be assessed anew",
    formula="sum over incidents of (agencies - 1)",
    direction="lower",
    unit="assessments",
    needs=("knowledge", "sight"),
)
def measure_duplicates(knowledge: Knowledge, sight: Sight) -> list[Measurement]:
    """Count the agencies beyond the first that learn of an incident."""
    n_again = count_duplicates(sight.name_people(knowledge.log))
    return [quantity("duplicate_assessments", n_again, n=knowledge.shared.num_rows)]


@metric(
    name="cpu_seconds",
    label="Processor time",
    meaning="processor time that the strategy took to run",
    formula="seconds",
    direction="lower",
    unit="seconds",
    needs=("knowledge", "cpu_seconds"),
)
def measure_time(knowledge: Knowledge, cpu_seconds: float) -> list[Measurement]:
    """Give the processor time of a strategy."""
    return [quantity("cpu_seconds", cpu_seconds, n=knowledge.shared.num_rows)]


def effort_of(knowledge: Knowledge) -> dict[str, float | None]:
    """Work out the quantities of `measure_effort`, by name."""
    shared = knowledge.shared
    days = query(
        """SELECT median(d) AS median, quantile_cont(d, 0.95) AS p95
        FROM (SELECT epoch(usable_at - event_at) / 86400 AS d FROM shared)""",
        shared=shared,
    ).to_pylist()[0]
    released = _released_by_flow(knowledge)
    flows = knowledge.strategy.flow
    pairs = {
        (flow.source.kind, to)
        for flow in flows
        if flow.scope == "population"
        for to in (flow.recipient.agency, *flow.recipient.onward)
    }
    anew = sum(released.get(flow.id, 0) for flow in flows if flow.scope == "project")
    return {
        "records_shared": float(shared.num_rows),
        "days_to_usable_median": days["median"],
        "days_to_usable_p95": days["p95"],
        "bytes_shared": float(sum(held.table.nbytes for held in knowledge.held)),
        "work_hours": sum(flow.touches * released.get(flow.id, 0) for flow in flows) / _MINUTES,
        "agreements": float(len(pairs) + anew),
        "made_up_share": pc.mean(shared["filled"]).as_py(),
    }


def count_duplicates(named: pa.Table) -> float:
    """Count agencies beyond the first that learn of one incident by name.

    Parameters
    ----------
    named
        One row per `incident_id` and `recipient` that can name the person harmed.
    """
    agencies = np.unique(named["incident_id"].to_numpy(), return_counts=True)[1]
    return float((agencies - 1).sum())


def _released_by_flow(knowledge: Knowledge) -> dict[str, int]:
    """Count releases to the first recipient; passing records on costs no new work."""
    first = {flow.id: flow.recipient.agency for flow in knowledge.strategy.flow}
    counted = knowledge.shared.group_by(["flow", "recipient"]).aggregate([([], "count_all")])
    return {
        row["flow"]: row["count_all"]
        for row in counted.to_pylist()
        if first[row["flow"]] == row["recipient"]
    }
