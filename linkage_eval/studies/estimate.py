"""Estimates of violence with injury from two agencies' lists or more.

The units are incidents with an injury, the lists those that an emergency department, the police and
other agencies, by default general practice, wrote down. Estimators see the lists as links join
them; the truth gives the true number, and stands in for the audit that tells the rates of linkage
error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.defaults import AUDITED
from darkfigure.linkage_eval.evaluation.assaults import find_reports, read_assaults
from darkfigure.linkage_eval.links.truth import judge_table, read_truth
from darkfigure.linkage_eval.recapture import (
    Assumption,
    Histories,
    LinkageErrors,
    Nuisances,
    PopulationEstimate,
    TwoLists,
    average,
    average_graphs,
    bootstrap_corrected,
    chao,
    chapman,
    common_odds_ratio,
    corrected_chapman,
    dependence_curve,
    double_sampled,
    doubly_robust,
    estimate,
    petersen,
    sparse_estimate,
    stratified,
)
from darkfigure.linkage_eval.recapture.audits import audit_links
from darkfigure.linkage_eval.recapture.double_sampling import sample_strata
from darkfigure.linkage_eval.recapture.histories import MOST_LISTS
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError, LinksError
from darkfigure.synth.storage.dataset import Dataset

PERFECT, LINKED, CORRECTED = "perfect", "as linked", "corrected"


@dataclass(frozen=True)
class Units:
    """All units, and the lists that hold them.

    Parameters
    ----------
    held
        True where the list truly holds the unit, shape (units, lists). Links join the first two.
    linked
        True for units of the first list that links find on the second, rightly or not, shape
        (units,).
    strata
        A covariate that an analyst knows of seen units, shape (units,).
    """

    held: Mask
    linked: Mask
    strata: Ints


@dataclass(frozen=True)
class StudyEstimate:
    """The answer of one estimator with one kind of links: perfect, as linked or corrected."""

    links: str
    estimate: PopulationEstimate


@dataclass(frozen=True)
class Sizes:
    """A dataset's true number of incidents with injury, its lists, and the estimates from them.

    Parameters
    ----------
    true
        True number of incidents with injury.
    first, second, both
        Incidents on the list of attendances, on that of police records, and truly on both.
    linked
        Incidents of the first list that links find on the second.
    answers
        The estimates.
    curve
        The estimate from perfect links under several odds ratios between the two lists, which
        nobody knows who has only lists.
    odds_ratio, odds_ratio_within
        The ratio in truth, over all incidents and within grades of injury; None where undefined.
    """

    true: int
    first: int
    second: int
    both: int
    linked: int
    answers: tuple[StudyEstimate, ...]
    curve: tuple[Assumption, ...]
    odds_ratio: float | None
    odds_ratio_within: float | None

    @property
    def by_chance(self) -> PopulationEstimate:
        """The estimate of independent lists, whose interval is what sampling leaves open."""
        return next(each.estimate for each in self.curve if each.odds_ratio == 1)


def estimate_sizes(
    dataset: Dataset,
    links: pa.Table,
    *,
    audited: int = AUDITED,
    further: Sequence[str] = (),
) -> Sizes:
    """Estimate from a dataset's attendances, police records and further lists.

    Parameters
    ----------
    dataset
        A dataset with emergency departments and police, and its truth.
    links
        Links of "ed" to "police" (schema `LINKS`).
    audited
        Number of attendances in the audit of links, which tells alpha and beta.
    further
        Agencies whose lists are used besides; without any, general practice if there is one.

    Raises
    ------
    DatasetError
        A source is missing.
    LinksError
        The links do not fit the dataset.
    """
    units = read_units(dataset, links, further)
    chance = Stream(int(dataset.manifest["seed"]), ("estimate",))
    first, second = units.held[:, 0], units.held[:, 1]
    return Sizes(
        true=len(units.held),
        first=int(first.sum()),
        second=int(second.sum()),
        both=int((first & second).sum()),
        linked=int(units.linked.sum()),
        answers=tuple(estimate_all(units, audited=audited, chance=chance)),
        curve=dependence_curve(TwoLists.of(first, second)),
        odds_ratio=common_odds_ratio(first, second, np.zeros(len(first), np.int64)),
        odds_ratio_within=common_odds_ratio(first, second, units.strata),
    )


def estimate_all(units: Units, *, audited: int, chance: Stream) -> list[StudyEstimate]:
    """Run every estimator.

    Parameters
    ----------
    units
        All units; estimators see only the lists.
    audited
        Units of the first list that are audited.
    chance
        Draws of the audit and of the bootstrap.
    """
    first, second = units.held[:, 0], units.held[:, 1]
    perfect = TwoLists.of(first, second)
    linked = TwoLists(perfect.first, perfect.second, min(int(units.linked.sum()), perfect.second))
    errors = audit(units, audited, chance)
    answers = [(PERFECT, petersen(perfect)), (PERFECT, chapman(perfect))]
    answers += [(PERFECT, stratified(units.held, units.strata, _chapman_of))]
    answers += [(PERFECT, _doubly_robust_of(units)), (PERFECT, chao(Histories.of(units.held)))]
    if units.held.shape[1] > 2:
        histories = Histories.of(units.held)
        answers += [(PERFECT, answer) for answer in (estimate(histories), average(histories))]
        answers += [(PERFECT, average(histories, "bic")), (PERFECT, average_graphs(histories))]
        answers += [(PERFECT, sparse_estimate(histories))]
    answers += [(LINKED, petersen(linked)), (LINKED, chapman(linked))]
    if errors:
        answers += [(CORRECTED, corrected_chapman(linked, errors))]
        answers += [(CORRECTED, bootstrap_corrected(linked, errors, chance, replicates=299))]
    sampled = sample_strata(first, second, units.linked, n=audited, chance=chance)
    if sampled:
        answers += [(CORRECTED, double_sampled(linked, *sampled))]
    return [StudyEstimate(links, answer) for links, answer in answers]


def _doubly_robust_of(units: Units) -> PopulationEstimate:
    """Estimate from the first two lists, with shares of strata as models."""
    held = units.held[:, :2]
    seen = held.any(axis=1)
    return doubly_robust(held[seen], Nuisances.of_strata(held[seen], units.strata[seen]))


def audit(units: Units, n: int, chance: Stream) -> LinkageErrors | None:
    """Follow up the links of some units of the first list.

    Parameters
    ----------
    units
        All units, with their links.
    n
        Units of the first list that are audited.
    chance
        Draws of the audited units.

    Returns
    -------
    Rates of linkage error; None where the audit tells nothing.
    """
    first, second = units.held[:, 0], units.held[:, 1]
    return audit_links(first, second, units.linked, n=n, chance=chance)


def read_units(dataset: Dataset, links: pa.Table, further: Sequence[str] = ()) -> Units:
    """Read all incidents with injury, their true lists, and their links.

    Parameters
    ----------
    dataset
        A dataset with emergency departments and police, and its truth.
    links
        Links of "ed" to "police" (schema `LINKS`).
    further
        Agencies whose lists are used besides; without any, general practice if there is one.

    Raises
    ------
    DatasetError
        A source is missing, or there are more lists than an estimate can use.
    LinksError
        The links do not fit the dataset.
    """
    others = _further(dataset, further)
    truth = read_truth(dataset, "ed", "police")
    assaults = read_assaults(dataset, truth)
    if assaults is None:
        raise DatasetError(f"{dataset.path} lacks emergency departments or police; generate both.")
    try:
        judged = judge_table(truth, links)
    except ValueError as error:
        raise LinksError(
            f"The links do not fit {dataset.path}: {error}. Links must join attendances of 'ed' "
            "(left_id) to nominals of 'police' (right_id)."
        ) from None
    reports = find_reports(judged, assaults)
    linked_ids = truth.left.ids.take(pa.array(reports["left_row"].to_numpy()))
    table = query(
        _UNITS,
        incidents=dataset.read("truth/incidents", ["incident_id", "injury", "gp_consulted"]),
        record_incidents=dataset.read("truth/record_incidents"),
        found=pa.table({"record_id": linked_ids}),
    )
    known = dataset.read("truth/contacts", ["incident_id", "source"])
    lists = [_flags(table[name]) for name in ("ed", "police")]
    lists += [_written(table, known, name) for name in others]
    held = np.column_stack(lists)
    strata = np.unique(table["injury"].to_numpy().astype(str), return_inverse=True)[1]
    return Units(held, _flags(table["found"]), strata)


# The truth tells whether there was an injury: the study is about lists and links, not about the
# classification of offences.
_UNITS = """
    WITH ed AS (SELECT * FROM record_incidents WHERE source = 'ed')
    SELECT incident_id, injury::VARCHAR AS injury, gp_consulted,
        incident_id IN (SELECT incident_id FROM ed) AS ed,
        incident_id IN (SELECT incident_id FROM record_incidents WHERE source LIKE 'police/%')
            AS police,
        incident_id IN (SELECT incident_id FROM ed SEMI JOIN found USING (record_id)) AS found
    FROM incidents WHERE injury <> 'none' ORDER BY incident_id
"""


def _further(dataset: Dataset, names: Sequence[str]) -> list[str]:
    """Choose the agencies of the third and any further list; refuse those that are not there."""
    if not names:
        return ["gp"] * dataset.has("gp/registrations")
    held = {name.split("/")[0] for name in dataset.tables} - {"truth", "ed", "police"}
    for name in names:
        if name not in held:
            known = ", ".join(sorted(held))
            raise DatasetError(f"{dataset.path} has no further list '{name}'; name one of {known}.")
    chosen = list(dict.fromkeys(names))
    if len(chosen) > MOST_LISTS - 2:
        raise DatasetError(f"{len(chosen)} further lists: name {MOST_LISTS - 2} at most.")
    return chosen


def _written(units: pa.Table, contacts: pa.Table, agency: str) -> Mask:
    """Tell which incidents an agency wrote down of its own knowledge.

    The reports that the police write to practices would make of the police's list a part of theirs.
    """
    source = pc.list_element(pc.split_pattern(contacts["source"].cast(pa.string()), "/"), 0)
    own = contacts.filter(pc.equal(source, agency))["incident_id"]
    listed = _flags(pc.is_in(units["incident_id"], own.combine_chunks()))
    return listed & _flags(units["gp_consulted"]) if agency == "gp" else listed


def _flags(column: pa.ChunkedArray) -> Mask:
    return np.asarray(column.to_numpy(), bool)


def _chapman_of(held: Mask) -> PopulationEstimate:
    return replace(chapman(TwoLists.of(held[:, 0], held[:, 1])), estimator="chapman")
