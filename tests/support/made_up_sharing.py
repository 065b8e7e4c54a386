"""What a run measured of sharing strategies, made up by hand, for the tests of pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from made_up_run import write_run

from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.synth.setting.geography import wales

# Shares of treated violence that police and prevention unit hear of, people named, who stay away.
SEEN = {
    "none": (0.25, 0.0, 0, 0),
    "patchwork": (0.28, 0.0, 900, 5),
    "cardiff-model": (0.66, 0.55, 0, 0),
    "istv-minimum": (0.75, 0.66, 0, 0),
    "clk": (0.76, 0.0, 0, 4),
    "single-system": (0.98, 0.98, 9_000, 5),
    "istv-minimum+scandal": (0.6, 0.5, 0, 0),
}
_POLICE, _UNIT = "police:*", "vpu:wales"


def shared(strategy: str, metric: str, value: float | None, **said: Any) -> dict[str, Any]:
    """Make a row of what was measured of a strategy."""
    where = {"scenario": "s", "seed": 1, "recipient": "all", "stratum_kind": "all"}
    bounds = {"stratum": "all", "low": None, "high": None, "n": 100}
    status = "ok" if value is not None else "undefined: why"
    row = {"strategy": strategy, "metric": metric, "value": value, "status": status}
    return {**where, **bounds, **row, **said}


def seen_rows() -> list[dict[str, Any]]:
    """Make all rows that a board's page reads, of a few strategies in three neighbourhoods."""
    codes = wales().code[:30].tolist()
    return [row for name in SEEN for row in _of_strategy(name, codes)]


def _of_strategy(name: str, codes: list[str]) -> list[dict[str, Any]]:
    police, unit, named, away = SEEN[name]
    rows = [
        shared(name, "people_disclosed", float(named)),
        shared(name, "presentations_lost", float(away), n=1_000),
        shared(name, "work_hours", 40.0),
        shared(name, "visible_share", 0.25, recipient=_POLICE, stratum_kind="event"),
        shared(name, "treated_seen_days", 20.0, recipient=_POLICE),
        shared(name, "outcome_share", 0.3, stratum_kind="outcome", stratum="suppressed"),
    ]
    for who, share in ((_POLICE, police), (_UNIT, unit)):
        around = {"low": max(share - 0.02, 0), "high": min(share + 0.02, 1), "n": 1_000}
        for kind, group in (("all", "all"), ("group", "domestic"), ("group", "stranger")):
            more = {"recipient": who, "stratum_kind": kind, "stratum": group, **around}
            rows.append(shared(name, "treated_seen_share", share, **more))
    for turn, code in enumerate(codes):
        known = float(turn % 7) if unit else 0.0
        where = {"recipient": _UNIT, "stratum_kind": "lsoa_code", "stratum": code, "n": turn}
        rows.append(shared(name, "neighbourhood_records", known, **where))
    return rows


def write_shared_run(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """Write a run that measured sharing."""
    run = write_run(folder)
    pq.write_table(pa.Table.from_pylist(rows, TABLES["sharing"]), run / "sharing.parquet")
    return run
