"""A run made up by hand, for the tests of the report."""

import json

import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.reports.html.findings import wilson

SETTING = {"scenario": "merthyr", "strategy": "clear", "task": "ed-police"}


N_PAIRS = 2_400


# Recall, precision, wall seconds.
LINKERS = {
    "exact": (0.412, 0.998, 0.21),
    "stepwise": (0.707, 0.981, 0.84),
    "splink": (0.861, 0.957, 9.7),
}


STRATA = {
    "sex": {"F": (0.40, -0.05), "M": (0.60, 0.03)},
    "age_band": {
        "0-15": (0.10, -0.02),
        "16-24": (0.31, 0.0),
        "25-34": (0.25, -0.01),
        "35-49": (0.20, 0.01),
        "50-64": (0.10, 0.02),
        "65+": (0.04, 0.03),
    },
    "ethnic_group": {
        "White": (0.93, 0.01),
        "Asian": (0.03, -0.17),
        "Black": (0.015, -0.10),
        "Mixed": (0.015, -0.02),
        "Other": (0.01, -0.09),
    },
    "deprivation_quintile": {
        "1": (0.35, -0.02),
        "2": (0.25, -0.01),
        "3": (0.18, 0.0),
        "4": (0.13, 0.02),
        "5": (0.09, 0.03),
    },
    "welsh_name": {"yes": (0.55, -0.04), "no": (0.45, 0.04)},
}


# Share of the pairs with it, and how much more often they are missed.
CAUSES = {
    "none": (0.34, -0.30),
    "stale postcode": (0.27, 0.17),
    "keyboard_slip": (0.08, 0.38),
    "missing": (0.06, 0.52),
    "short_form": (0.12, 0.15),
    "day_month_swapped": (0.02, 0.61),
    "stale surname": (0.05, 0.58),
    "diacritics_dropped": (0.01, 0.05),
    "upper_case": (0.05, 0.02),
    "misheard": (0.04, 0.33),
    "letter_for_digit": (0.03, 0.08),
}


# Field, left as written and in truth, right as written and in truth.
PAIR = (
    ("surname", "LLEWELLYN", "Llewellyn", "Llewelyn", "Llewellyn"),
    ("forename", "Si\u00e2n", "Si\u00e2n", "Sian", "Si\u00e2n"),
    ("middle_name", None, None, "Mair", "Mair"),
    ("sex", "2", "2", "F", "F"),
    ("date_of_birth", "1991-04-07", "1991-04-07", "04/07/1991", "07/04/1991"),
    ("house", "14", "14", "14", "14"),
    ("street", "High Street", "Brecon Road", "Brecon Road", "Brecon Road"),
    ("postcode", "CF47 3QZ", "CF47 3QZ", None, "CF47 3QZ"),
)


def write_run(folder, *, failed=("dedupe",), surname=None, seeds=(1,), settings=(SETTING,)):
    """Write a run as linkage_eval does, with one linker that failed."""
    folder.mkdir(parents=True, exist_ok=True)
    where = [{**setting, "seed": seed} for setting in settings for seed in seeds]
    write_rows(folder / "measurements.parquet", [row for at in where for row in measures(at)])
    timings = [row for at in where for row in (*costs(at), *(crash(at, name) for name in failed))]
    write_rows(folder / "timings.parquet", timings)
    write_rows(folder / "answered.parquet", [row for at in where for row in answered(at)])
    write_rows(folder / "lists.parquet", [row for at in where for row in listed(at)])
    write_rows(folder / "missed.parquet", [row for at in where for row in causes(at)])
    write_rows(folder / "attribution.parquet", [row for at in where for row in attributed(at)])
    write_rows(folder / "false_causes.parquet", [row for at in where for row in alike(at)])
    write_rows(folder / "examples.parquet", examples(where[0], surname))
    (folder / "manifest.json").write_text(json.dumps(manifest(seeds)), encoding="utf-8")
    return folder


def write_rows(path, rows):
    """Write rows as Parquet, with nulls in the columns that they leave out."""
    pq.write_table(pa.Table.from_pylist(rows, TABLES[path.stem]), path)


def manifest(seeds):
    """Make a manifest."""
    hashed = "b2b4f1d5c0a97e3c8b55d2f0a4e1c7d9"
    return {
        "created_by": "darkfigure 0.1.0",
        "suite": {"name": "quickstart", "title": "Quickstart: who is missed, and why"},
        "datasets": {
            f"merthyr-{seed}": {
                "persons": 58_839,
                "seed": seed,
                "scenario": {"name": "merthyr", "title": "The county borough of Merthyr Tydfil"},
                "hashes": {"ed/attendances": hashed, "police/south_wales/nominals": hashed},
            }
            for seed in seeds
        },
        "guards": ["landlock+audit"],
        "versions": {"python": "3.11.9", "darkfigure": "0.1.0", "splink": "5.0.1"},
    }


def measure(at, linker, stratum, metric, value, n):
    """Make one row of measurements with its interval."""
    low, high = wilson(value, n)
    kind, name = stratum
    row = {**at, "linker": linker, "stratum_kind": kind, "stratum": name, "metric": metric}
    return {**row, "value": value, "low": low, "high": high, "n": n, "status": "ok"}


def measures(at):
    """Make the measurements of all linkers that finished."""
    everybody = ("all", "all")
    for linker, (recall, precision, _) in LINKERS.items():
        f1 = 2 * precision * recall / (precision + recall)
        for metric, value in (("precision", precision), ("recall", recall), ("f1", f1)):
            yield measure(at, linker, everybody, metric, value, N_PAIRS)
        yield measure(at, linker, everybody, "f_star", f1 / (2 - f1), N_PAIRS)
        lost = 0.25 * (1 - recall)
        for metric, value in (
            ("never_reported_share", 0.604),
            ("not_recorded_share", 0.146),
            ("true_unknown_share", 0.75),
            ("recorded_not_found_share", lost),
            ("event_recall", recall),
            ("event_precision", precision),
            ("apparent_unknown_share", 0.74 + lost),
        ):
            yield measure(at, linker, everybody, metric, value, 1_864)
        for kind, names in STRATA.items():
            for name, (size, shift) in names.items():
                value = min(1.0, max(0.0, recall + shift))
                yield measure(at, linker, (kind, name), "recall", value, round(N_PAIRS * size))


# Assault attendances of perfect links, which the rule makes err; a linker misses some more.
PERFECT = {
    "assault": 1_864,
    "coded": 1_300,
    "never_reported": 1_126,
    "not_recorded": 272,
    "recorded": 466,
    "found": 350,
    "right": 300,
    "missed_person": 0,
    "time_window": 16,
    "coding": 150,
    "wrong_person": 0,
    "other_occurrence": 50,
    "no_assault": 0,
}


def answered(at):
    """Make the answers of all linkers that finished, beside those of perfect links."""
    for linker, (recall, _, _) in LINKERS.items():
        missed = round(300 * (1 - recall))
        fewer = {name: PERFECT[name] - missed for name in ("found", "right")}
        own = {**PERFECT, **fewer, "missed_person": missed}
        for links, counts in (("linker", own), ("perfect links", PERFECT)):
            for outcome, n in counts.items():
                yield {**at, "linker": linker, "links": links, "outcome": outcome, "n": n}


def listed(at):
    """Make the two lists: Petersen's estimate without error is 1,864 * 2,000 / 466 = 8,000."""
    sizes = {"n_first": 1_864, "n_second": 2_000, "n_true": 3_518}
    for linker, (recall, _, _) in LINKERS.items():
        for links, n_both in (("linker", round(466 * recall)), ("without error", 466)):
            yield {**at, "linker": linker, "links": links, "n_both": n_both, **sizes}


def costs(at):
    """Make the timings of all linkers that finished."""
    for linker, (_, _, wall) in LINKERS.items():
        row = {**at, "linker": linker, "wall_seconds": wall, "cpu_seconds": 1.6 * wall}
        yield {**row, "peak_mb": 180.0 + 40 * wall, "status": "ok", "machine": "2 cores"}


def crash(at, linker):
    """Make the timing of a linker that failed."""
    row = {**at, "linker": linker, "wall_seconds": None, "cpu_seconds": None, "peak_mb": None}
    return {**row, "status": "out of memory at 2 GB", "machine": "2 cores"}


def causes(at):
    """Make the causes of missed links."""
    for linker, (recall, _, _) in LINKERS.items():
        for cause, (size, shift) in CAUSES.items():
            n = round(N_PAIRS * size)
            missed = round(n * min(0.98, max(0.005, 1 - recall + shift)))
            row = {**at, "linker": linker, "cause": cause, "n_missed_with": missed}
            rates = {"missed_rate_with": missed / n, "missed_rate_without": 1 - recall - 0.02}
            yield {**row, "n_pairs_with": n, **rates}


def attributed(at):
    """Share the missed pairs of all linkers that finished out among the causes."""
    for linker, (recall, _, _) in LINKERS.items():
        n_missed = N_PAIRS * (1 - recall)
        weights = {name: size * max(shift, 0.01) for name, (size, shift) in CAUSES.items()}
        for cause, weight in weights.items():
            share = weight / sum(weights.values())
            row = {**at, "linker": linker, "cause": cause, "n_missed": share * n_missed}
            around = {"low": 0.8 * share * n_missed, "high": 1.2 * share * n_missed}
            known = {"share_of_missed": share, "recall_without": recall + share * (1 - recall)}
            yield {**row, **around, **known, "n_pairs_with": round(N_PAIRS * CAUSES[cause][0])}


def alike(at):
    """Make the causes of false links: a third are of twins, the rest of namesakes."""
    for linker, (recall, precision, _) in LINKERS.items():
        n_links = round(N_PAIRS * recall / precision)
        n_false = round(n_links * (1 - precision))
        for cause, n in (("twins", n_false // 3), ("namesakes", n_false - n_false // 3)):
            share, rest = n / n_false, n_links - n
            row = {**at, "linker": linker, "cause": cause, "n_false": n, "share_of_false": share}
            ends = {"low": 0.8 * share, "high": min(1.0, 1.2 * share), "n_with_fault": n // 4}
            yield {**row, **ends, "precision_without": 1 - (n_false - n) / rest}


def examples(at, surname):
    """Make example pairs, one row a field."""
    return [
        {
            **at,
            "linker": linker,
            "kind": kind,
            "example": example,
            "score": score,
            "causes": causes,
            "groups": f"sex={'FM'[example % 2]}; age_band=16-24",
            "field": field,
            "left_written": surname if surname and field == "surname" else left,
            "left_true": left_true,
            "right_written": right,
            "right_true": right_true,
        }
        for linker in LINKERS
        for kind, score, causes in (
            ("missed", None, "day_month_swapped; keyboard_slip; stale street"),
            ("false link", 0.9134, "twin"),
        )
        for example in (1, 2)
        for field, left, left_true, right, right_true in PAIR
    ]


def attained(at, labels=(100, 1_000)):
    """Make what is attainable: .95 of F1, and of recall in each group."""
    key = {**at, "linker": "attainable", "learnt_from": "seed 7"}
    everybody = {"stratum_kind": "all", "stratum": "all", "n": N_PAIRS, "status": "ok"}
    for metric in ("precision", "recall", "f1", "pair_completeness"):
        yield {**key, **everybody, "metric": metric, "value": 0.95, "low": 0.94, "high": 0.96}
    for kind, names in STRATA.items():
        for name in names:
            group = {**everybody, "stratum_kind": kind, "stratum": name, "metric": "recall"}
            yield {**key, **group, "value": 0.95, "low": 0.9, "high": 0.99}
    for place, number in enumerate(labels):
        few = {"linker": f"attainable by {number:,} labels", "labels": number, "metric": "f1"}
        value = 0.8 + 0.1 * place
        yield {**key, **everybody, **few, "value": value, "low": value - 0.05, "high": value}
    for linker, (recall, precision, _) in LINKERS.items():
        far = 0.95 - 2 * precision * recall / (precision + recall)
        row = {"linker": linker, "metric": "f1_distance", "value": far}
        yield {**key, **everybody, **row, "low": far - 0.01, "high": far + 0.01}
