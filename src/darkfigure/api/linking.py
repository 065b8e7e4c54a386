"""Linkage: what a linker sees, what it links, and how right that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from darkfigure import scenarios
from darkfigure.api.own_linker import as_entry
from darkfigure.api.worlds import opened
from darkfigure.linkage_eval.defaults import AUDITED, MEMORY_MB, SECONDS
from darkfigure.linkage_eval.evaluation.scores import Scores
from darkfigure.linkage_eval.isolation.parent import Limits
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.links.files import read_links
from darkfigure.linkage_eval.runs.foreign import tell_intake
from darkfigure.linkage_eval.runs.suite import Task, load_suite
from darkfigure.linkage_eval.studies import coverage as covering
from darkfigure.linkage_eval.studies.ceiling import find_ceiling
from darkfigure.linkage_eval.studies.debug import link_here
from darkfigure.linkage_eval.studies.estimate import estimate_sizes
from darkfigure.linkage_eval.studies.link import link_posed
from darkfigure.linkage_eval.studies.own_truth import score_against as against_own_truth
from darkfigure.linkage_eval.studies.posed import open_world, pose
from darkfigure.linkage_eval.studies.score import score as score_links
from darkfigure.synth.core.errors import LinkerError
from darkfigure.synth.core.frames import from_pandas, to_pandas
from darkfigure.synth.storage.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd


class Pair(NamedTuple):
    """Two tables to be linked, as a linker sees them."""

    left: pd.DataFrame
    right: pd.DataFrame


def pair(
    world: Dataset | str | Path, left: str = "ed", right: str = "police", *, strategy: str = "clear"
) -> Pair:
    """Give the two tables that a linker sees.

    Parameters
    ----------
    world
        A dataset, or its folder; or the TOML file of a suite with files of your own, which are a
        task by themselves.
    left, right
        Sources; "police" is all forces together, "+" joins several. The same on both sides, or
        "" on the right, links records within one.
    strategy
        Of sharing: what the linking party would see under it.

    Returns
    -------
    Two frames with the columns `record_id`, `source` and the identity fields; missing is None. Of
    your own files also further columns, and each field as written, such as `surname_written`.

    Raises
    ------
    UnknownNameError
        There is no such strategy.
    DatasetError
        The dataset has no such source.
    """
    posed = pose(_world(world), Task(left=left, right=right), strategy=strategy)
    return Pair(to_pandas(posed.left), to_pandas(posed.right))


def intake(suite: str | Path) -> str:
    """Tell how the files of a user's own in a suite are read, as `run` does before it works.

    Parameters
    ----------
    suite
        The TOML file of a suite.

    Returns
    -------
    Lines: the columns read, passed on and left out of each file, its dates, the values that were
    lost or altered and why, and what each linker of the suite goes without.

    Raises
    ------
    DatasetError
        A file cannot be read as it is meant.
    """
    return "\n".join(tell_intake(load_suite(str(suite))))


def link(
    world: Dataset | str | Path,
    linker: object,
    left: str = "ed",
    right: str = "police",
    *,
    options: Mapping[str, Any] | None = None,
    seed: int = 1,
    seconds: float = SECONDS,
    memory_mb: int = MEMORY_MB,
    trust_linkers: bool = False,
    debug: bool = False,
) -> pd.DataFrame:
    """Link two sources with one linker, in a process of its own that cannot see the truth.

    Parameters
    ----------
    world
        As of `pair`.
    linker
        A name of the library, "file.py:Name", "cmd: ...", or an object or class of your own,
        which may come from a notebook.
    left, right
        As of `pair`.
    options
        For the linker.
    seed
        The linker's own follows from it.
    seconds, memory_mb
        What it may take.
    trust_linkers
        Close nothing to it; needed where the system cannot close anything.
    debug
        Run it in this process, where it can be stepped through, prints, and raises what it raises.

    Returns
    -------
    One row a link: `left_id`, `right_id`, `score`.

    Raises
    ------
    UnknownNameError
        There is no such linker.
    LinkerError
        It failed, or the truth cannot be closed to it here.
    """
    posed = pose(_world(world), Task(left=left, right=right))
    limits = Limits(seconds=seconds, memory_mb=memory_mb)
    with TemporaryDirectory(prefix="darkfigure-") as folder:
        entry = as_entry(linker, options or {}, Path(folder))
        registry.check(entry.name, entry.options)
        if debug:
            return to_pandas(link_here(posed, entry, seed=seed).links)
        links = link_posed(posed, entry, seed=seed, limits=limits, trusted=trust_linkers)
    return to_pandas(links)


def match_weights(
    world: Dataset | str | Path,
    linker: object,
    left: str = "ed",
    right: str = "police",
    *,
    options: Mapping[str, Any] | None = None,
    seed: int = 1,
) -> pd.DataFrame:
    """Give how much each outcome of a field's comparison speaks for the same person.

    The linker runs in this process, with the records, ids and seed that `link` gives it.

    Parameters
    ----------
    world, left, right
        As of `pair`.
    linker, options, seed
        As of `link`; it has a method `weigh`, as `splink`, `recordlinkage-ecm` and `epilink` have.

    Returns
    -------
    One row an outcome: `field`, `level`, `m` and `u` (its shares among matches and among others)
    and `weight`, log2(m / u).

    Raises
    ------
    LinkerError
        It tells no weights, or failed.
    """
    posed = pose(_world(world), Task(left=left, right=right))
    with TemporaryDirectory(prefix="darkfigure-") as folder:
        found = link_here(posed, as_entry(linker, options or {}, Path(folder)), seed=seed)
    if found.weights is None:
        raise LinkerError(f"{linker!r} tells no match weights: it has no method `weigh`.")
    return to_pandas(found.weights)


def _world(world: Dataset | str | Path) -> Dataset | Path:
    return world if isinstance(world, Dataset) else open_world(Path(world))


def score(
    world: Dataset | str | Path,
    links: str | Path | pa.Table | pd.DataFrame,
    left: str = "ed",
    right: str = "police",
) -> Scores:
    """Score links that any tool made against the truth.

    Parameters
    ----------
    world
        A dataset, or its folder.
    links
        With the columns `left_id`, `right_id` and maybe `score`: a path of CSV or Parquet, an
        Arrow table, or a frame.
    left, right
        As of `pair`.

    Raises
    ------
    LinksError
        The links cannot be read or do not fit the dataset.
    """
    measured = score_links(opened(world), _given(links), left=left, right=right)
    return Scores(to_pandas(measured))


def score_against(
    truth: str | Path | pa.Table | pd.DataFrame,
    links: str | Path | pa.Table | pd.DataFrame,
    *,
    within: bool | None = None,
) -> Scores:
    """Score links that any tool made against a truth of your own, without any simulated world.

    Parameters
    ----------
    truth, links
        Pairs (`left_id`, `right_id`, of links maybe `score`) or clusters (`record_id`,
        `cluster_id`): a path of CSV or Parquet, an Arrow table, or a frame.
    within
        Whether all ids are of one set of records; without, the tables tell.

    Raises
    ------
    LinksError
        A table cannot be read, the two do not fit each other, or they leave open whether the
        records are of one set.
    """
    return Scores(to_pandas(against_own_truth(_given(truth), _given(links), within=within)))


def ceiling(
    world: Dataset | str | Path,
    left: str = "ed",
    right: str = "police",
    *,
    train: Iterable[Dataset | str | Path] = (),
    beside: Iterable[str] = (),
    labels: Sequence[int] = (),
    trust_linkers: bool = False,
) -> Scores:
    """Tell how well two sources can be linked at all: attained with labels, and bounds.

    Parameters
    ----------
    world
        A dataset, or its folder.
    left, right
        As of `pair`.
    train
        Datasets of other seeds, from whose truth the rule learns; without any, it learns from other
        people of the same dataset, in folds.
    beside
        Names of linkers whose accuracy stands beside it.
    labels
        Numbers of labelled pairs, for a learning curve: "attainable by 100 labels" and so on, each
        the median of some draws of pairs, its ends the least and the most.
    trust_linkers
        As of `link`.

    Returns
    -------
    Of the linker "attainable", which is none: `precision`, `recall` and `f1` of the learnt rule;
    `pair_completeness`, the share of true pairs that it judges at all; and `indistinguishable`, the
    share whose recorded values also stand in at least as many false pairs. Of linkers beside it:
    the first three, and `f1_distance`, how far F1 is below the attained one. `long` says in
    `learnt_from` from whom the rule learnt.

    Raises
    ------
    DatasetError
        A dataset has no such source, or one to learn from too few pairs.
    SpecError
        A dataset to learn from has the seed of the one that is judged, or labels are too few.
    UnknownNameError
        There is no such linker.
    MissingExtraError
        scikit-learn is not installed.
    """
    task, worlds = Task(left=left, right=right), [opened(other) for other in train]
    found = find_ceiling(
        opened(world), task, train=worlds, beside=beside, labels=labels, trusted=trust_linkers
    )
    return Scores(to_pandas(found))


def estimate(
    world: Dataset | str | Path,
    links: str | Path | pa.Table | pd.DataFrame | None = None,
    *,
    linker: object = "stepwise",
    audited: int = AUDITED,
    further: Sequence[str] = (),
) -> pd.DataFrame:
    """Estimate how much violence with injury there was, and set estimates beside the truth.

    Parameters
    ----------
    world
        A dataset, or its folder.
    links
        Of "ed" to "police"; without, those of `linker`.
    linker
        As of `link`.
    audited
        Attendances that an audit of the links covers.
    further
        Agencies whose lists are used besides; without any, general practice if there is one.

    Returns
    -------
    One row an estimator: `links`, `estimator`, `value`, `low`, `high`, and the number in `true`.
    """
    found = link(world, linker) if links is None else links
    given = _given(found)
    table = read_links(given) if isinstance(given, Path) else given
    sizes = estimate_sizes(opened(world), table, audited=audited, further=further)
    rows = [
        {"links": one.links, **asdict(one.estimate), "true": sizes.true} for one in sizes.answers
    ]
    return to_pandas(rows)


def coverage(
    scenario: str | Path,
    *,
    seeds: int = 30,
    persons: int | None = None,
    linkers: Iterable[str] = (),
) -> pd.DataFrame:
    """Count in how many worlds each estimator's 95 % interval holds the truth.

    Parameters
    ----------
    scenario
        Name of the library, or path of a TOML file.
    seeds
        Worlds: seeds 1, 2, ...
    persons
        Size of a sample.
    linkers
        Names; they join written records in place of stated rates of error.

    Returns
    -------
    One row a condition and estimator.
    """
    chosen, worlds = scenarios.load_scenario(str(scenario), persons=persons), range(1, seeds + 1)
    names = list(linkers)
    done = (
        covering.study_linkers(chosen, worlds, names) if names else covering.study(chosen, worlds)
    )
    return to_pandas(covering.to_table(done))


def _given(links: str | Path | pa.Table | pd.DataFrame) -> Path | pa.Table:
    if isinstance(links, str | Path):
        return Path(links)
    return links if isinstance(links, pa.Table) else from_pandas(links)
