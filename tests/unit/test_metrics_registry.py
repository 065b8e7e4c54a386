"""The metrics of the library: found beside their code, each in one place, all of them listed."""

from __future__ import annotations

import ast
import sys

import pytest
from source_code import ROOT, modules

from darkfigure.linkage_eval.catalogue import KINDS
from darkfigure.linkage_eval.metrics.needs import NEEDS
from darkfigure.linkage_eval.metrics.registry import gather, known_metrics, library

SCOPES = tuple(NEEDS)
PLACES = (
    "linkage_eval.evaluation.metrics.",
    "linkage_eval.sharing.metrics.",
    "linkage_eval.sharing.measuring.",
)


def declared_in_source() -> set[str]:
    """Find the functions that stand below a decorator of a metric, by module and name."""
    return {
        f"darkfigure.{module}.{node.name}"
        for module, file in modules().items()
        if module.startswith(PLACES)
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith(("metric(", "metrics("))
    }


def test_every_decorated_function_is_a_metric_of_the_library():
    """No list names them, and none is overlooked."""
    found = {
        f"{metric.module}.{metric.measure.__name__}"
        for scope in SCOPES
        for metric in library(scope)
    }
    assert declared_in_source() == found
    assert len(found) > 20


@pytest.mark.parametrize("scope", SCOPES)
def test_each_need_is_asked_for(scope: str):
    """An input that nothing asks for would be a promise that nothing keeps."""
    asked = {need for metric in library(scope) for need in metric.needs}
    assert asked == set(NEEDS[scope])


def test_labels_tell_metrics_apart():
    """Two columns of one page are not headed alike."""
    labels = [definition.label for definition in known_metrics().values()]
    assert len(labels) == len(set(labels))


def test_errors_and_rates_of_error_are_better_lower():
    """And what they are rates of, higher; a bias is neither."""
    known = known_metrics()
    assert {known[name].direction for name in ("precision", "recall", "f1", "f_star")} == {"higher"}
    assert {known[f"{kind}_rate"].direction for kind in ("missed_match", "false_link")} == {"lower"}
    assert known["known_count_bias"].direction == "neither"
    assert known["recall"].loss(0.9, 0.8) == pytest.approx(0.1)
    assert known["false_link_rate"].loss(0.1, 0.2) == pytest.approx(0.1)
    assert known["known_count_bias"].loss(0.1, 0.2) is None


def test_the_list_and_the_reference_name_every_metric(monkeypatch: pytest.MonkeyPatch):
    """With its formula; the page of the reference also with unit, needs and module."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    monkeypatch.delitem(sys.modules, "made", raising=False)
    from made import _metrics

    page, listed = "".join(_metrics()), KINDS["metrics"]()
    for name, definition in gather(()).definitions.items():
        assert definition.formula in listed[name]
        start = f"| `{name}` | {definition.label} | "  # some need has a metric's name
        (row,) = [line for line in page.splitlines() if line.startswith(start)]
        assert definition.unit in row
        assert ", ".join(definition.needs) in row
