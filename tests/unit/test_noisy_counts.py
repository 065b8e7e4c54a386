"""Noisy counts keep their promise: fixed cells, a limit per person, a loss that audits confirm."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.linkage_eval.privacy import proven_loss
from darkfigure.linkage_eval.sharing.engine.at_work import asked_for, spread_knowledge
from darkfigure.linkage_eval.sharing.forms.noisy import (
    fixed_cells,
    geometric_noise,
    kept_records,
    release_noisy_counts,
)
from darkfigure.linkage_eval.sharing.forms.release import Batch
from darkfigure.linkage_eval.sharing.metrics.privacy_loss import measure_privacy_loss
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.linkage_eval.sharing.strategy.timing import Times
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

RELEASES = 2_000
MakeBatch = Callable[..., Batch]


def strategy(**form: object) -> SharingStrategy:
    """Federated counts with noise, their forms changed."""
    data = load_strategy("federated-dp").model_dump(mode="json")
    for flow in data["flow"]:
        flow["format"] |= form
    return build(SharingStrategy, data, "noisy")


@pytest.fixture(scope="module")
def make_batch(village: Dataset) -> MakeBatch:
    """Make the batch of some of the police's records."""
    view = AgencyView.of(village)
    police = strategy().flow[1]
    rows = asked_for(view, police)

    def make(chosen: slice, seed: int = 1, **form: object) -> Batch:
        some = rows.slice(chosen.start, chosen.stop - chosen.start)
        times = Times(*(np.zeros(some.num_rows),) * 2, np.zeros(some.num_rows, np.int64))
        flow = strategy(**form).flow[1]
        return Batch(flow, view, some, times, Stream(seed, ("noisy",)))

    return make


def test_cells_do_not_tell_who_is_in_them(make_batch: MakeBatch):
    """With one record more there are the same cells, and one count is higher by one."""
    less, more = (fixed_cells(make_batch(slice(0, n))) for n in (1, 2))
    assert [one.to_pylist() for one in less.labels] == [one.to_pylist() for one in more.labels]
    difference = (more.count - less.count).ravel()
    assert (1, 1) == (difference.sum(), np.abs(difference).sum())


def test_nothing_in_two_thousand_releases_betrays_one_person(make_batch: MakeBatch):
    """The loss that they prove is not above the loss that is claimed.

    The event, a count of the person's cell of 1 or more, is the likeliest by which to tell. A bound
    above the true loss comes about with probability .05 / 4 for this event.
    """
    without, with_person = (fixed_cells(make_batch(slice(0, n))) for n in (1, 2))
    cell = int(np.flatnonzero((with_person.count - without.count).ravel())[0])
    least = int(without.count.ravel()[cell]) + 1
    seen = []
    for name, cells in (("with", with_person), ("without", without)):
        drawn = Stream(7, ("audit", name)).uniform("noise", np.arange(RELEASES))
        noisy = cells.count.ravel()[cell] + geometric_noise(drawn, 1.0)
        seen.append(np.maximum(noisy, 0) >= least)
    assert 0.5 < proven_loss(*seen) <= 1.0


def test_cells_that_come_from_the_data_are_caught():
    """What gives a person away in .746 of the releases, and never without, proves a loss of 5.5."""
    betrayed = np.arange(RELEASES) < 0.746 * RELEASES
    assert proven_loss(betrayed, np.zeros(RELEASES, bool)) > 5.5
    assert 0 == proven_loss(betrayed, betrayed)


def test_a_release_holds_no_value_that_only_the_data_know(make_batch: MakeBatch):
    """Every label of a release stands in the domain, whatever the records hold."""
    batch = make_batch(slice(0, 50))
    (table,) = release_noisy_counts(batch).tables.values()
    domain = {label for labels in fixed_cells(batch).labels[1:] for label in labels.to_pylist()}
    for name in batch.flow.format.by:
        assert set(table[name].to_pylist()) <= domain


def test_a_person_counts_no_more_often_than_allowed(make_batch: MakeBatch):
    """By the source's own key of people, whatever else is released."""
    for most in (1, 2):
        batch = make_batch(slice(0, 400), contributions=most)
        people = batch.rows["nominal_ref"].filter(pa.array(kept_records(batch)))
        counts = people.value_counts().field("counts").to_numpy()
        assert most == counts.max()


def test_whether_a_record_counts_depends_on_its_person_alone(make_batch: MakeBatch):
    """Other people's records change nothing."""
    all_, first = make_batch(slice(0, 400)), make_batch(slice(0, 200))
    kept = kept_records(first)
    others = set(all_.rows["nominal_ref"].to_pylist()[200:])
    alone = np.array([name not in others for name in first.rows["nominal_ref"].to_pylist()])
    assert (kept_records(all_)[:200] == kept)[alone].all()


def test_fields_that_only_the_data_know_are_refused():
    """A place's name would be a cell that is there because somebody is in it."""
    data = load_strategy("federated-dp").model_dump(mode="json")
    data["flow"][1]["fields"] += ["location"]
    data["flow"][1]["format"]["by"] = ["location"]
    with pytest.raises(SpecError, match="only the data tell"):
        build(SharingStrategy, data, "noisy")


def test_the_loss_is_added_up_over_all_flows(village: Dataset):
    """Two flows at epsilon 1 cost 2; nobody whom a source holds once bears more."""
    known = spread_knowledge(village, strategy())
    claimed, borne = measure_privacy_loss(village, known)
    assert 2 == claimed.value
    assert 1 <= borne.value
    assert borne.n > 100


def test_a_strategy_without_noise_has_no_loss_to_add_up(village: Dataset):
    """It says so."""
    known = spread_knowledge(village, load_strategy("none"))
    assert {None} == {one.value for one in measure_privacy_loss(village, known)}
