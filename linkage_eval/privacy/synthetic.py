"""Records that may be attacked: those that a Darkfigure dataset marks as synthetic, no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.links.truth import read_side
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.parts import SYNTHETIC

NOBODY = -1


@dataclass(frozen=True)
class Synthetic:
    """Records of people who do not exist.

    Parameters
    ----------
    manifest
        Manifest of their dataset.
    records
        Schema `RECORDS`.
    persons
        Person of each record, shape (records,); -1 for a decoy. It judges attacks, which never see
        it.

    Raises
    ------
    DatasetError
        The manifest does not carry the mark of synthetic data.
    """

    manifest: Mapping[str, Any]
    records: pa.Table
    persons: Ints

    def __post_init__(self) -> None:
        if self.manifest.get("notice") != SYNTHETIC:
            raise DatasetError(
                "Attacks run on datasets that Darkfigure made, and this one does not say so in its "
                "manifest. Make one with `darkfigure generate SCENARIO --out DIR`."
            )

    @classmethod
    def read(cls, dataset: Dataset, source: str) -> Synthetic:
        """Read the records of a source, one of each person: the first by key.

        Parameters
        ----------
        dataset
            A dataset marked as synthetic, with its truth.
        source
            A source, "police" for all forces together, or several joined by "+".

        Raises
        ------
        DatasetError
            The dataset is not marked as synthetic, or lacks the source.
        """
        records, side = standardise(dataset, source), read_side(dataset, source)
        _, first = np.unique(side.persons, return_index=True)
        return cls(dataset.manifest, records.take(first), side.persons[first])

    def take(self, rows: Ints) -> Synthetic:
        """Take the records of some rows, shape (n,)."""
        return Synthetic(self.manifest, self.records.take(rows), self.persons[rows])

    def with_decoys(self, share: float, chance: Stream) -> Synthetic:
        """Add records of nobody: each field from another record, so that each value is likely.

        Parameters
        ----------
        share
            Decoys for each true record. The sender knows the decoys and drops their links.
        chance
            Draws keyed by decoy.
        """
        n = round(share * len(self.persons))
        columns = {name: self.records[name] for name in RECORDS.names}
        fakes = {
            name: column.take(pa.array(chance.below(name, np.arange(n), len(self.persons))))
            for name, column in columns.items()
        }
        ids = pa.array([f"decoy-{number}" for number in range(n)], pa.string())
        fakes["record_id"] = pa.chunked_array([ids])
        joined = pa.concat_tables([self.records.select(RECORDS.names), pa.table(fakes)])
        persons = np.concatenate([self.persons, np.full(n, NOBODY)])
        order = np.argsort(chance.uniform("order", np.arange(len(persons))))
        return Synthetic(self.manifest, joined.take(order), persons[order])


@dataclass(frozen=True)
class Scene:
    """The two sides of an attack.

    Parameters
    ----------
    sent
        Records that are sent encoded.
    known
        Records that the recipient holds in clear.
    """

    sent: Synthetic
    known: Synthetic

    @property
    def n_overlap(self) -> int:
        """Number of people on both sides."""
        return len(np.intersect1d(self.sent.persons, self.known.persons))

    @classmethod
    def stage(
        cls, sender: Synthetic, recipient: Synthetic, *, n: int, overlap: float, chance: Stream
    ) -> Scene:
        """Draw n people of either side, of whom a share are on both.

        Parameters
        ----------
        sender, recipient
            All records of the two sides.
        n
            People to draw on each side.
        overlap
            Share of them who are on both sides, 0 to 1.
        chance
            Draws keyed by person.

        Raises
        ------
        ValueError
            The two hold too few people, in common or apart.
        """
        shared = round(n * overlap)
        both = np.intersect1d(sender.persons, recipient.persons)
        both = _shuffled(both, "both", chance)
        if len(both) < shared:
            raise ValueError(
                f"{len(both)} people are on both sides, but {shared} are asked for; lower n or "
                "overlap, or generate more persons"
            )
        sides: list[Synthetic] = []
        for name, side in (("sent", sender), ("known", recipient)):
            others = np.setdiff1d(side.persons, both[:shared])
            if name == "known":
                others = np.setdiff1d(others, sides[0].persons)
            people = np.concatenate([both[:shared], _shuffled(others, name, chance)[: n - shared]])
            if len(people) < n:
                raise ValueError(f"only {len(people)} of {n} people can be {name}; lower n")
            rows = np.searchsorted(side.persons, _shuffled(people, f"{name} order", chance))
            sides.append(side.take(rows))
        return cls(*sides)


def _shuffled(ids: Ints, decision: str, chance: Stream) -> Ints:
    return np.asarray(ids[np.argsort(chance.uniform(decision, ids))])
