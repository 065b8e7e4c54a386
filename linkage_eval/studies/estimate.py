"""Estimate from two or three agencies' lists how much violence with injury there was.

The units are incidents with an injury, the lists those that an emergency department, the police
and general practice wrote down. Estimators see the lists as links join them; the truth says how
many there were, and stands in for the audit that tells the rates of linkage error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.defaults import AUDITED
from darkfigure.linkage_eval.evaluation.metrics.dark_figure import find_reports, read_assaults
from darkfigure.linkage_eval.links.truth import judge, read_truth
from darkfigure.linkage_eval.recapture import (
    Histories,
    LinkageErrors,
    PopulationEstimate,
    TwoLists,
    average,
    bootstrap_corrected,
    chapman,
    corrected_chapman,
    estimate,
    petersen,
    stratified,
)
from darkfigure.linkage_eval.recapture.audits import audit_links
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError, LinksError
from darkfigure.synth.storage.dataset import Dataset

PERFECT, LINKED, CORRECTED = "perfect", "as linked", "corrected"


@dataclass(frozen=True)
class Units:
    """Everything that happened, and on which lists it is.

    Parameters
    ----------
    held
        Shape (units, lists): truly on the list. The first two are those that links join.
    found
        Units of the first list that links find on the second, rightly or not.
    strata
        A covariate that an analyst knows of those seen.
    """

    held: Mask
    found: Mask
    strata: Ints


@dataclass(frozen=True)
class StudyEstimate:
    """What one estimator says, by how lists were linked."""

    links: str
    estimate: PopulationEstimate


@dataclass(frozen=True)
class Sizes:
    """A dataset's true number of incidents with injury, and what estimators make of its lists."""

    true: int
    first: int
    second: int
    both: int
    linked: int
    answers: tuple[StudyEstimate, ...]


def estimate_sizes(dataset: Dataset, links: pa.Table, *, audited: int = AUDITED) -> Sizes:
    """Estimate from a dataset's attendances, police records and consultations.

    Parameters
    ----------
    dataset
        With emergency departments and police.
    links
        Of "ed" to "police" (schema `LINKS`).
    audited
        Attendances that an audit of the links covers; it tells alpha and beta.

    Raises
    ------
    DatasetError
        A source is missing.
    LinksError
        The links do not fit the dataset.
    """
    units = read_units(dataset, links)
    chance = Stream(int(dataset.manifest["seed"]), ("estimate",))
    first, second = units.held[:, 0], units.held[:, 1]
    return Sizes(
        true=len(units.held),
        first=int(first.sum()),
        second=int(second.sum()),
        both=int((first & second).sum()),
        linked=int(units.found.sum()),
        answers=tuple(estimate_all(units, audited=audited, chance=chance)),
    )


def estimate_all(units: Units, *, audited: int, chance: Stream) -> list[StudyEstimate]:
    """Let every estimator answer.

    Parameters
    ----------
    units
        What happened, of which estimators see what is listed.
    audited
        Units of the first list that are audited.
    chance
        Of the audit and the bootstrap.
    """
    first, second = units.held[:, 0], units.held[:, 1]
    perfect = TwoLists.of(first, second)
    linked = TwoLists(perfect.first, perfect.second, min(int(units.found.sum()), perfect.second))
    errors = audit(units, audited, chance)
    answers = [(PERFECT, petersen(perfect)), (PERFECT, chapman(perfect))]
    answers += [(PERFECT, stratified(units.held, units.strata, _chapman_of))]
    if units.held.shape[1] > 2:
        histories = Histories.of(units.held)
        answers += [(PERFECT, one) for one in (estimate(histories), average(histories))]
        answers += [(PERFECT, average(histories, "bic"))]
    answers += [(LINKED, petersen(linked)), (LINKED, chapman(linked))]
    if errors:
        answers += [(CORRECTED, corrected_chapman(linked, errors))]
        answers += [(CORRECTED, bootstrap_corrected(linked, errors, chance, replicates=299))]
    return [StudyEstimate(links, one) for links, one in answers]


def audit(units: Units, n: int, chance: Stream) -> LinkageErrors | None:
    """Follow up the links of some units of the first list; None where that tells nothing."""
    first, second = units.held[:, 0], units.held[:, 1]
    return audit_links(first, second, units.found, n=n, chance=chance)


def read_units(dataset: Dataset, links: pa.Table) -> Units:
    """Read what happened and which lists hold it, as it truly is and as links say."""
    truth = read_truth(dataset, "ed", "police")
    assaults = read_assaults(dataset, truth)
    if assaults is None:
        raise DatasetError(f"{dataset.path} lacks emergency departments or police; generate both.")
    try:
        judged = judge(truth, links)
    except ValueError as error:
        raise LinksError(
            f"The links do not fit {dataset.path}: {error}. Links must join attendances of 'ed' "
            "(left_id) to nominals of 'police' (right_id)."
        ) from None
    reports = find_reports(judged, assaults)
    found = truth.left.ids.take(pa.array(reports["left_row"].to_numpy()))
    table = query(
        _UNITS,
        incidents=dataset.read("truth/incidents", ["incident_id", "injury"]),
        record_incidents=dataset.read("truth/record_incidents"),
        contacts=dataset.read("truth/contacts", ["incident_id", "source"]),
        found=pa.table({"record_id": found}),
    )
    columns = ["ed", "police"] + ["gp"] * dataset.has("gp/registrations")
    held = np.column_stack([_flags(table[name]) for name in columns])
    strata = np.unique(table["injury"].to_numpy().astype(str), return_inverse=True)[1]
    return Units(held, _flags(table["found"]), strata)


# Whether an offence is one with injury is taken from the truth: this is about lists and links,
# not about how offences are classified.
_UNITS = """
    WITH ed AS (SELECT * FROM record_incidents WHERE source = 'ed')
    SELECT incident_id, injury::VARCHAR AS injury,
        incident_id IN (SELECT incident_id FROM ed) AS ed,
        incident_id IN (SELECT incident_id FROM record_incidents WHERE source LIKE 'police/%')
            AS police,
        incident_id IN (SELECT incident_id FROM contacts WHERE source = 'gp') AS gp,
        incident_id IN (SELECT incident_id FROM ed SEMI JOIN found USING (record_id)) AS found
    FROM incidents WHERE injury <> 'none' ORDER BY incident_id
"""


def _flags(column: pa.ChunkedArray) -> Mask:
    return np.asarray(column.to_numpy(), bool)


def _chapman_of(held: Mask) -> PopulationEstimate:
    return replace(chapman(TwoLists.of(held[:, 0], held[:, 1])), estimator="chapman")
