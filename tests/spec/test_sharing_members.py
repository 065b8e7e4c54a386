"""Whether a synthetic release gives away who is behind it, as a suite measures it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.measuring import members
from darkfigure.linkage_eval.sharing.measuring.members import Members
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

Row = Measurement
NAME = "synthetic-release"


@pytest.fixture(scope="module")
def view(village: Dataset) -> AgencyView:
    """The village as its agencies see it."""
    return AgencyView.of(village)


def released(**of_flow: Any) -> SharingStrategy:
    """Load the release with something of its flow changed."""
    data = load_strategy(NAME).model_dump(mode="json")
    data["flow"] = [flow | of_flow for flow in data["flow"]]
    return build(SharingStrategy, data, NAME)


def measure(view: AgencyView, strategy: SharingStrategy) -> dict[str, Row]:
    """Attack a strategy's release: rows by metric."""
    return {row.metric: row for row in Members(view).measure(strategy)}


def of_everybody() -> SharingStrategy:
    """Release what makes every attendance, of whatever kind, stand out."""
    whole = load_strategy(NAME).flow[0].source.holding
    hidden = {*whole.identity.values(), whole.subject, whole.key}
    return released(
        rows="", generalise={}, fields=[one for one in whole.columns if one not in hidden]
    )


def test_a_release_that_copies_is_seen_through(view: AgencyView, monkeypatch: pytest.MonkeyPatch):
    """Whoever is behind it is in it, and of the others hardly anybody looks the same."""
    monkeypatch.setattr(members, "make_up", lambda content, _: content)
    found = measure(view, of_everybody())["membership_auc"]
    assert found.low > 0.99
    assert found.n == 1_000


def test_a_release_of_others_tells_nothing(view: AgencyView, monkeypatch: pytest.MonkeyPatch):
    """What has no more to do with members than with others leaves an even chance."""

    def made_of_nobody(content: pa.Table, n_rows: int) -> pa.Table:
        return pa.table({name: ["nothing"] * n_rows for name in content.column_names})

    monkeypatch.setattr(members, "make_up", made_of_nobody)
    found = measure(view, of_everybody())["membership_auc"]
    assert found.low < 0.5 < found.high
    assert found.value == pytest.approx(0.5, abs=0.01)


@pytest.mark.needs("sdv")
def test_a_copula_hides_its_members(view: AgencyView):
    """Half of the ten models at least leave the attacker near an even chance.

    With 60 members and 30 others, of no real difference, the median of ten is beyond .35 to .65
    with probability below 1e-5 (standard error of one area .065; half of ten must be so far off).
    """
    found = measure(view, released(rows="", fields=["site_code", "sex", "disposal"], generalise={}))
    assert found["membership_auc"].n >= 60
    assert 0.35 < found["membership_auc"].value < 0.65
    assert (found["membership_auc"].recipient, found["membership_auc"].stratum) == (
        "public:anybody",
        "synthetic",
    )


def test_a_release_is_attacked_once_a_dataset(view: AgencyView, monkeypatch: pytest.MonkeyPatch):
    """Overlays change who holds back what, not what the model is made of."""
    made: list[int] = []
    monkeypatch.setattr(members, "make_up", lambda content, n_rows: made.append(n_rows) or content)
    attacker = Members(view)
    for name in (NAME, f"{NAME}+scandal", f"{NAME}+hesitancy-off"):
        attacker.measure(load_strategy(name))
    assert len(made) == 10


@pytest.mark.parametrize(
    ("strategy", "why"),
    [
        (load_strategy("marac"), "nothing synthetic is released"),
        (released(rows="attendance_group == 'none such'"), "too few records"),
    ],
)
def test_without_a_release_the_reason_is_told(
    view: AgencyView, strategy: SharingStrategy, why: str
):
    """Each metric says why it has no value."""
    for row in measure(view, strategy).values():
        assert row.value is None
        assert why in row.status
