"""A comparison as JUnit XML for CI servers, and as Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from darkfigure.linkage_eval.gate.checks import Check
from darkfigure.linkage_eval.gate.comparing import Gate
from darkfigure.linkage_eval.gate.flips import Tally
from darkfigure.linkage_eval.metrics.registry import known_metrics
from darkfigure.synth.core.printable import printable

_COSTS = {"cpu_ratio": "CPU time", "memory_ratio": "memory"}
_N_GROUPS = 12
_N_PAIRS = 10


def sentence(check: Check) -> str:
    """Write the outcome of a check as a sentence."""
    about = "" if check.stratum_kind == "all" else f" ({check.stratum_kind} {check.stratum})"
    name = f"{_named(check.measure)}{about}"
    if check.difference is None or check.baseline is None or check.candidate is None:
        return f"{name}: {check.reason or check.verdict}"
    if check.measure in _COSTS:
        times = f"{check.difference:.2f} times the baseline's, {check.tolerance:g} allowed"
        return f"{name}: {times}"
    return (
        f"{name}: {check.baseline:.4f} to {check.candidate:.4f}, {signed(check.difference)}"
        f"{_interval(check)}, {check.tolerance:g} allowed"
    )


def _interval(check: Check) -> str:
    if check.low is None or check.high is None:
        return ""
    return f" (95 % {signed(check.low)} to {signed(check.high)})"


def _named(measure: str) -> str:
    if measure in _COSTS:
        return _COSTS[measure]
    known = known_metrics()
    return known[measure].phrase if measure in known else measure


def signed(value: float | None) -> str:
    """Write a difference with its sign."""
    return "" if value is None else f"{value:+.4f}"


def verdict(gate: Gate) -> str:
    """Write the verdict of the whole comparison as a sentence."""
    if gate.passed:
        return "No measure is worse than the tolerances allow."
    linkers = dict.fromkeys(check.linker for check in gate.bad)
    return f"Worse than the tolerances allow: {', '.join(linkers)}."


def openness(gate: Gate) -> str:
    """Say whose linkers were trusted; nothing if the truth was closed to all."""
    if not gate.trusted:
        return ""
    sides = " and ".join(gate.trusted)
    return f"Trusted, not closed: nothing kept the linkers of {sides} from reading the truth."


def to_junit(gate: Gate) -> str:
    """Write a comparison as JUnit XML: a suite per task, a case per linker and measure."""
    root = ET.Element("testsuites", name="darkfigure compare")
    suites = dict.fromkeys((check.scenario, check.strategy, check.task) for check in gate.checks)
    for place in suites:
        checks = [
            check for check in gate.checks if (check.scenario, check.strategy, check.task) == place
        ]
        counts = {
            "tests": str(len(checks)),
            "failures": str(sum(check.bad for check in checks)),
            "skipped": str(sum(check.verdict == "not judged" for check in checks)),
        }
        suite = ET.SubElement(root, "testsuite", {"name": " ".join(place), **counts})
        if gate.trusted:
            trusted_property = {"name": "trusted", "value": openness(gate)}
            ET.SubElement(ET.SubElement(suite, "properties"), "property", trusted_property)
        for check in checks:
            _add_case(suite, check)
    ET.indent(root)
    # XML has no way to write a control character, not even as a code.
    return printable(ET.tostring(root, encoding="unicode", xml_declaration=True)) + "\n"


def _add_case(suite: ET.Element, check: Check) -> None:
    name = check.measure
    if check.stratum_kind != "all":
        name += f" {check.stratum_kind} {check.stratum}"
    case = ET.SubElement(suite, "testcase", classname=check.linker, name=name)
    if check.bad:
        ET.SubElement(case, "failure", message=sentence(check), type=check.verdict)
    elif check.verdict == "not judged":
        ET.SubElement(case, "skipped", message=check.reason)


def to_markdown(gate: Gate) -> str:
    """Write a comparison as Markdown: verdict, measures and flips."""
    mark = "passed" if gate.passed else "failed"
    parts = [f"## Linkage {mark}", _escaped(verdict(gate))]
    parts += [f"**{openness(gate)}**"] if gate.trusted else []
    parts += [_measures(gate)]
    tallies = gate.tallies()
    if tallies:
        parts += ["### Who flipped", _flips(tallies), _pairs(gate)]
    parts.append(
        f"Baseline {_escaped(gate.baseline)}, candidate {_escaped(gate.candidate)}. Paired over "
        f"people, the worlds of all seeds together; chance of a false alarm at most {gate.alpha:g}."
    )
    return "\n\n".join(parts) + "\n"


def _measures(gate: Gate) -> str:
    head = ("", "linker", "measure", "baseline", "candidate", "change (95 %)", "allowed")
    several = len({(check.scenario, check.task) for check in gate.checks}) > 1
    rows = [
        (
            {"worse": "✗", "failed": "✗", "better": "▲", "same": "✓"}.get(check.verdict, "-"),
            f"{check.linker}, {check.scenario} {check.task}" if several else check.linker,
            _measure(check),
            *_values(check),
        )
        for check in gate.checks
        if check.measure != "status" or check.bad
    ]
    return _table(head, rows)


def _measure(check: Check) -> str:
    name = _named(check.measure)
    return name if check.stratum_kind == "all" else f"{name}, {check.stratum_kind} {check.stratum}"


def _values(check: Check) -> tuple[str, str, str, str]:
    allowed = "" if check.tolerance is None else f"{check.tolerance:g}"
    if check.baseline is None or check.candidate is None or check.difference is None:
        return "", "", check.reason, allowed
    if check.measure in _COSTS:
        unit = " kernels" if check.measure == "cpu_ratio" else " MB"
        before, after = (f"{value:,.1f}{unit}" for value in (check.baseline, check.candidate))
        return before, after, f"times {check.difference:.2f}", f"times {allowed}"
    change = f"{signed(check.difference)}{_interval(check)}".replace("95 % ", "")
    return f"{check.baseline:.4f}", f"{check.candidate:.4f}", change, allowed


def most_frequent(tallies: Iterable[Tally], n: int) -> Iterator[Tally]:
    """Give the n most frequent tallies of each linker, way of flipping and property.

    Parameters
    ----------
    tallies
        Sorted, the most frequent of each first, as `tally` gives them.
    n
        The most tallies to give for each.
    """
    shown: dict[tuple[str, ...], int] = {}
    for tally in tallies:
        place = (tally.scenario, tally.strategy, tally.task, tally.linker, tally.what, tally.by)
        shown[place] = shown.get(place, 0) + 1
        if shown[place] <= n:
            yield tally


def expected(tally: Tally) -> str:
    """Write how many flips there would be if the property had no part in them."""
    return "" if tally.n_expected is None or tally.by == "all" else f"{tally.n_expected:,.1f}"


def _flips(tallies: list[Tally]) -> str:
    head = ("linker", "what", "by", "", "pairs", "expected", "people")
    rows = [
        (
            *(tally.linker, tally.what, tally.by.replace("_", " "), tally.name),
            *(f"{tally.n_pairs:,}", expected(tally), f"{tally.n_people:,}"),
        )
        for tally in most_frequent(tallies, _N_GROUPS)
    ]
    return _table(head, rows)


def _pairs(gate: Gate) -> str:
    head = ("linker", "what", "seed", "person", "left", "right", "between them")
    rows = [
        (
            *(flip.linker, flip.what, str(flip.seed), str(flip.person_id)),
            *(flip.left_id, flip.right_id, ", ".join(flip.causes)),
        )
        for flip in gate.flips[:_N_PAIRS]
    ]
    n_flips = len(gate.flips)
    which = "all" if n_flips <= _N_PAIRS else f"the first {_N_PAIRS}"
    listed = f"<details><summary>{n_flips:,} pairs flipped; {which} of them</summary>"
    return f"{listed}\n\n{_table(head, rows)}\n\n</details>"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(_escaped(cell) for cell in line)} |" for line in lines)


def _escaped(text: str) -> str:
    """Escape text so that nothing in it reads as Markdown or HTML."""
    return re.sub(r"([\\`*\[\]<>|~&])", r"\\\1", printable(text).replace("\n", " "))
