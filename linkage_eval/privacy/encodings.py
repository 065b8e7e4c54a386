"""Encodings of sent records, and the cost of each hardening in linkage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.linkers.bloom import FIELDS, Bloom, Hardening, encode_plain
from darkfigure.linkage_eval.privacy.synthetic import Scene, Synthetic
from darkfigure.synth.core.arrays import Words
from darkfigure.synth.core.chance import Stream


@dataclass(frozen=True)
class Encoding:
    """Bloom filters of some fields, hardened or not.

    Parameters
    ----------
    fields
        Fields that are put into one filter; ("surname",) alone is easier to attack than all.
    hardening, flip_rate
        Options of the linker `bloom`.
    decoy_share
        Number of decoys for each true record.
    """

    fields: tuple[str, ...] = FIELDS
    hardening: Hardening = "none"
    flip_rate: float = 0.05
    decoy_share: float = 0.0

    @property
    def title(self) -> str:
        """Its name in tables."""
        name = f"{self.hardening} {self.flip_rate:g}" if self.hardening == "flip" else ""
        name = name or self.hardening
        return f"{name}, decoys {self.decoy_share:g}" if self.decoy_share else name

    def send(self, sent: Synthetic, chance: Stream) -> Synthetic:
        """Give the records as sent, with decoys.

        Parameters
        ----------
        sent
            The true records.
        chance
            Draws keyed by decoy.
        """
        return sent.with_decoys(self.decoy_share, chance) if self.decoy_share else sent

    def encode(self, records: pa.Table) -> Words:
        """Encode records: shape (records, words)."""
        plain = encode_plain(records, salted=self.hardening == "salt", fields=self.fields)
        return Bloom(hardening=self.hardening, flip_rate=self.flip_rate).harden(plain)


@dataclass(frozen=True)
class LinkageCost:
    """Quality and size of linkage by an encoding.

    Parameters
    ----------
    encoding
        Title of the encoding.
    recall, precision
        None without true pairs, and without links.
    bytes_sent
        Bytes of all encoded records, decoys included.
    """

    encoding: str
    recall: float | None
    precision: float | None
    bytes_sent: int


def linkage_cost(scene: Scene, encoding: Encoding, chance: Stream) -> LinkageCost:
    """Link sent records to known ones, both encoded alike, at the usual threshold of 0.8.

    Parameters
    ----------
    scene
        The two sides.
    encoding
        The encoding; its `fields` play no part, since linkage uses all fields.
    chance
        Draws of the decoys.
    """
    sent = encoding.send(scene.sent, chance)
    linker = Bloom(threshold=0.8, hardening=encoding.hardening, flip_rate=encoding.flip_rate)
    links = linker.link(sent.records, scene.known.records, seed=1)
    rows = [
        np.array([row_of[record_id] for record_id in links[name].to_pylist()], np.int64)
        for name, row_of in (
            ("left_id", _rows(sent.records)),
            ("right_id", _rows(scene.known.records)),
        )
    ]
    left = sent.persons[rows[0]]
    of_people = left >= 0  # links of decoys, which the sender drops
    right = (left == scene.known.persons[rows[1]])[of_people]
    n_true, n_links = scene.n_overlap, int(of_people.sum())
    size = encoding.encode(sent.records.slice(0, 1)).nbytes if len(sent.persons) else 0
    return LinkageCost(
        encoding.title,
        int(right.sum()) / n_true if n_true else None,
        int(right.sum()) / n_links if n_links else None,
        size * len(sent.persons),
    )


def _rows(records: pa.Table) -> dict[str, int]:
    return {record_id: row for row, record_id in enumerate(records["record_id"].to_pylist())}
