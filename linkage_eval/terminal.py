"""What people see in the terminal: tables on standard output, progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from linkage_eval.fidelity import by_grade, in_short
from linkage_eval.gate import Gate
from linkage_eval.gate.writing import most_frequent, sentence, verdict
from linkage_eval.results import Run
from synth.dataset import Dataset

_WIDTH = 100  # where standard output is no terminal
_ACCURACY = ("precision", "recall", "f1", "f_star")
_CELL = ("scenario", "strategy", "task", "linker", "seed")
Advance = Callable[[str, int, int], None]


def output() -> Console:
    """Give standard output: its own width, or 100 columns where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Advance]:
    """Show what is going on, on standard error, while it goes on."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(max(10, min(40, Console(stderr=True).width - 60))),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    screen = Console(stderr=True)
    with Progress(
        *columns, console=screen, disable=quiet or not screen.is_terminal, transient=True
    ) as bar:
        task = bar.add_task(what, total=None)

        def advance(step: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what}: {step}", completed=done, total=total)

        yield advance


def print_described(known: Mapping[str, str]) -> None:
    """Print names, each with what it is."""
    table = Table.grid(padding=(0, 2))
    for name, meaning in known.items():
        table.add_row(name, meaning)
    output().print(table)


def print_flows(flows: pa.Table, title: str) -> None:
    """Print what became of each flow's records, one row per flow and recipient."""
    table = Table(title=title)
    for name in ("flow", "to", "asked for", "shared", "why not", "event to usable, days"):
        table.add_column(name, justify="right" if name in {"asked for", "shared"} else "left")
    for row in flows.to_pylist():
        median, late = row["median_days"], row["p95_days"]
        table.add_row(
            row["flow"],
            row["recipient"],
            f"{row['asked_for']:,}",
            f"{row['shared']:,}",
            row["why_not"],
            "" if median is None else f"{median:.1f} (95 % within {late:.1f})",
        )
    output().print(table)


def print_tables(dataset: Dataset) -> None:
    """Print what a dataset holds."""
    persons = dataset.manifest["persons"]
    table = Table(title=f"{dataset.path}: {persons:,} people, seed {dataset.manifest['seed']}")
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("content hash")
    for name, said in dataset.tables.items():
        table.add_row(name, f"{said['rows']:,}", said["hash"][:12])
    output().print(table)


def print_leaderboard(run: Run) -> None:
    """Print how each linker did, with 95 % intervals; a failure is a row with its reason."""
    suite = run.manifest["suite"]
    table = Table(title=f"{suite['title']} (95 % intervals)", title_justify="left")
    keys = [key for key in ("scenario", "task", "seed") if len(set(_column(run, key))) > 1]
    for name in (*keys, "linker"):
        table.add_column(name)
    for name in (*(_label(metric) for metric in _ACCURACY), "seconds"):
        table.add_column(name, justify="right")
    found = _accuracy(run.measurements)
    for took in run.timings.to_pylist():
        cells = [str(took[key]) for key in (*keys, "linker")]
        if took["status"] == "ok":
            measured = found[tuple(took[key] for key in _CELL)]
            cells += [_interval(measured[metric]) for metric in _ACCURACY]
        else:
            cells += [took["status"], *("" for _ in _ACCURACY[1:])]
        seconds = took["wall_seconds"]
        table.add_row(*cells, "" if seconds is None else f"{seconds:.1f}")
    output().print(table)


def _column(run: Run, name: str) -> list[Any]:
    return list(run.timings[name].to_pylist())


def _accuracy(measurements: pa.Table) -> dict[tuple[Any, ...], dict[str, dict[str, Any]]]:
    """Give the overall accuracy of every cell of the grid."""
    overall = pc.field("stratum_kind") == "all"
    found: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for row in measurements.filter(overall & pc.field("metric").isin(_ACCURACY)).to_pylist():
        found.setdefault(tuple(row[key] for key in _CELL), {})[row["metric"]] = row
    return found


def _interval(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return "none"
    if row["low"] is None:
        return f"{row['value']:.3f}"
    return f"{row['value']:.3f} ({row['low']:.3f}-{row['high']:.3f})"


def _label(metric: str) -> str:
    return {"f1": "F1", "f_star": "F*"}.get(metric, metric)


def print_measurements(measured: pa.Table) -> None:
    """Print measurements: overall first, then by group."""
    table = Table()
    for name in ("group", "metric"):
        table.add_column(name)
    for name in ("value (95 % interval)", "n"):
        table.add_column(name, justify="right")
    for row in measured.to_pylist():
        group = "all" if row["stratum_kind"] == "all" else f"{row['stratum_kind']} {row['stratum']}"
        table.add_row(group, _label(row["metric"]), _interval(row), f"{row['n']:,}")
    output().print(table)


_SHORT = {"national figure, local sample": "national", "not simulated": "not sim."}
_STYLE = {"inside": "green", "outside": "red"}


def print_fidelity(compared: pa.Table) -> None:
    """Print published beside simulated figures by section, then how many agree."""
    shown, gathered = in_short(compared)
    screen = output()
    for section in dict.fromkeys(shown["section"].to_pylist()):
        table = Table(title=section, title_justify="left", box=None, padding=(0, 1, 0, 0))
        for name in ("figure", "published"):
            table.add_column(name, justify="left" if name == "figure" else "right")
        table.add_column("simulated (95 %)", justify="right", no_wrap=True)
        table.add_column("n", justify="right")
        for name in ("", "verdict", "source"):
            table.add_column(name, no_wrap=True)
        for row in shown.to_pylist():
            if row["section"] == section:
                table.add_row(*_figure(row), style=_STYLE.get(row["verdict"]))
        screen.print(table)
        for row in gathered.to_pylist():
            if row["section"] == section:
                screen.print(
                    f"{row['kind'].replace('_', ' ')}, by local authority: {row['inside']} of "
                    f"{row['figures']} inside, {row['outside']} outside, "
                    f"{row['cannot_tell']} cannot tell"
                )
        screen.print()
    for row in by_grade(compared).to_pylist():
        screen.print(
            f"grade {row['grade']}: {row['inside']} of {row['judged']} inside, {row['outside']} "
            f"outside, {row['cannot_tell']} cannot tell ({row['near']} of them agree by themselves)"
        )


def print_linkage(accuracy: pa.Table) -> None:
    """Print MACRAL's accuracy by source beside what SAIL published of its own sources."""
    title = "linkage to the register of patients by MACRAL (SAIL: Lyons et al. 2009)"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    for name in ("source", "measure"):
        table.add_column(name)
    for name in ("SAIL", "simulated (95 %)", "n"):
        table.add_column(name, justify="right")
    for row in accuracy.to_pylist():
        bound = "<" if row["measure"] == "error" else ">" if row["measure"] == "specificity" else ""
        published = "" if row["published"] is None else f"{bound}{row['published']:.3f}"
        value = _interval({**row, "value": row["simulated"]})
        table.add_row(row["source"], row["measure"], published, value, f"{row['n']:,}")
    if accuracy.num_rows:
        output().print(table)


def _figure(row: Mapping[str, Any]) -> list[str]:
    name = row["key"].replace("_", " ")
    wide = row["area"] in ("any", "Wales", "England and Wales")
    simulated = "" if row["simulated"] is None else _quantity(row["simulated"])
    if row["sim_low"] is not None and row["sim_low"] != row["sim_high"]:
        simulated += f" ({_quantity(row['sim_low'])}-{_quantity(row['sim_high'])})"
    return [
        name if wide else f"{name}, {row['area']}",
        _quantity(row["published"]),
        simulated,
        "" if row["n"] is None else f"{row['n']:,}",
        row["grade"],
        _verdict(row),
        row["source"],
    ]


def _verdict(row: Mapping[str, Any]) -> str:
    if row["persons_needed"] is None:
        return _SHORT.get(row["verdict"], row["verdict"])
    return f"needs {_short(row['persons_needed'])}"


def _short(number: int) -> str:
    """Write how many people in few letters."""
    if number >= 1_000_000_000:
        return "> 1,000 m"
    return f"{number / 1e6:,.1f} m" if number >= 1_000_000 else f"{number / 1e3:,.0f} k"


def _quantity(value: float) -> str:
    """Write a number with as many digits as its size deserves."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.4f}"


def print_assumptions(register: pa.Table) -> None:
    """Print every number a world rests on: assumed ones first, each with its meaning."""
    screen = output()
    for assumed, title in ((True, "assumed, wholly or in part"), (False, "from a source")):
        table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
        for name in ("parameter", "value", "source", "meaning"):
            table.add_column(name, overflow="fold")
        for row in register.to_pylist():
            if row["assumed"] == assumed:
                table.add_row(row["parameter"], row["value"], row["source"], row["meaning"])
        screen.print(table)
    screen.print(f"{sum(register['assumed'].to_pylist())} of {register.num_rows} are assumed")


def print_likeness(compared: pa.Table, scores: pa.Table | None) -> None:
    """Print how far a user's table is from ours, and SDMetrics' scores where it is installed."""
    table = Table(title="your table and ours", title_justify="left", box=None)
    for name in ("column", "kind", "measure"):
        table.add_column(name)
    for name in ("distance", "p", "missing ours", "yours"):
        table.add_column(name, justify="right")
    table.add_column("furthest (ours, yours)")
    for row in compared.to_pylist():
        numbers = ("distance", "p_value", "missing_ours", "missing_theirs")
        cells = ["" if row[name] is None else f"{row[name]:.3f}" for name in numbers]
        table.add_row(
            row["column"], row["kind"], row["measure"] or "", *cells, row["furthest"] or ""
        )
    screen = output()
    screen.print(table)
    for row in scores.to_pylist() if scores else ():
        screen.print(f"SDMetrics {row['report']}, {row['property']}: {row['score']:.3f}")


_GATE_STYLE = {"worse": "red", "failed": "red", "better": "green"}
_N_FLIPS = 8  # rows for each way of dividing those who flipped


def print_gate(gate: Gate) -> None:
    """Print what a comparison found: each measure, then who flipped."""
    screen = output()
    for check in gate.checks:
        if check.bad or check.measure != "status":
            place = f"{check.scenario}, {check.task}, {check.linker}"
            text = f"{check.verdict:<10}  {place}: {sentence(check)}"
            screen.print(text, style=_GATE_STYLE.get(check.verdict), markup=False)
    tallies = gate.tallies()
    if tallies:
        table = Table(title="who flipped", title_justify="left", box=None)
        for name in ("linker", "what", "by", ""):
            table.add_column(name)
        for name in ("pairs", "people"):
            table.add_column(name, justify="right")
        for row in most_frequent(tallies, _N_FLIPS):
            named = (row.linker, row.what, row.by.replace("_", " "), row.name)
            table.add_row(*named, f"{row.n_pairs:,}", f"{row.n_people:,}")
        screen.print(table)
    screen.print(verdict(gate), style="green" if gate.passed else "bold red", markup=False)


def print_unevenness(matrix: pa.Table, by_group: pa.Table) -> None:
    """Print how unevenly faults fall on records and what they share, and on groups of people."""
    rows, screen = matrix.to_pylist(), output()
    causes = list(dict.fromkeys(row["cause"] for row in rows))
    table = Table(
        title="variance of faults against independence (1)", title_justify="left", box=None
    )
    table.add_column("source")
    for cause in (*causes, "records"):
        table.add_column(cause, justify="right")
    for source in dict.fromkeys(row["source"] for row in rows):
        own = {row["cause"]: row for row in rows if row["source"] == source}
        ratios = [own.get(cause, {}).get("ratio") for cause in causes]
        shown = ["" if ratio is None else f"{ratio:.2f}" for ratio in ratios]
        table.add_row(source, *shown, f"{own['record']['records']:,}")
    screen.print(table)
    table = Table(title="faults a record, by whom it is about", title_justify="left", box=None)
    for name in ("people", "group"):
        table.add_column(name)
    for name in ("faults a record", "times all (95 %)", "records"):
        table.add_column(name, justify="right")
    for row in by_group.to_pylist():
        times = f"{row['ratio']:.2f} ({row['low']:.2f}-{row['high']:.2f})"
        kind = row["kind"].replace("_", " ")
        table.add_row(
            kind, row["group"], f"{row['faults_a_record']:.3f}", times, f"{row['records']:,}"
        )
    screen.print(table)


def print_namesakes(found: pa.Table) -> None:
    """Print how many people are easily taken for another, one line a sample."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("people", "same name and birthday", "per million"):
        table.add_column(name, justify="right")
    for name in ("surname and birthday at home", "surname and forename at home"):
        table.add_column(name, justify="right")
    for row in found.to_pylist():
        counts = ("same_birth_at_home", "same_name_at_home")
        table.add_row(
            f"{row['persons']:,}",
            f"{row['namesakes']:,}",
            f"{row['namesakes_per_million']:,.0f}",
            *(f"{row[name]:,}" for name in counts),
        )
    output().print(table)
