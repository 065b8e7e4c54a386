"""Forms that hide the person of a record: pseudonyms, keyed hashes, Bloom filters.

The keys are stand-ins; real ones are secret. The holder of a key can try all names and dates, so
a keyed hash hides nothing from its maker.
"""

from __future__ import annotations

import hmac

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.linkers.bloom import Bloom, encode_plain
from darkfigure.linkage_eval.linkers.keys import linkage_keys
from darkfigure.linkage_eval.sharing.forms.release import Batch, Release

_KEY = b"darkfigure-pseudonyms"
_CHARACTERS = 16


def release_pseudonyms(batch: Batch) -> Release:
    """Release the content under a pseudonym: the same for one subject of one source.

    The pseudonym joins a source's own records of a subject, and nothing across sources.
    """
    subject = batch.rows[batch.flow.source.holding.subject]
    pseudonyms = {
        text: hmac.digest(_KEY, f"{batch.flow.source.kind}/{text}".encode(), "sha256").hex()
        for text in subject.unique().to_pylist()
    }
    column = pa.array([pseudonyms[text][:_CHARACTERS] for text in subject.to_pylist()], pa.string())
    return _released(batch, "pseudonym", column)


def release_hashes(batch: Batch) -> Release:
    """Release the content with a keyed hash of SLK-581 or of the NHS number."""
    return _released(batch, "linkage_key", linkage_keys(batch.identity, batch.flow.format.key))


def release_filters(batch: Batch) -> Release:
    """Release the content with a Bloom-filter encoding of the identity (CLK), 128 bytes."""
    hardening = batch.flow.format.hardening
    plain = encode_plain(batch.identity, salted=hardening == "salt")
    filters = np.ascontiguousarray(Bloom(hardening=hardening).harden(plain))
    return _released(batch, "clk", pa.array([row.tobytes() for row in filters], pa.binary()))


def _released(batch: Batch, name: str, column: pa.Array) -> Release:
    table = batch.content.append_column(name, column)
    revealed = np.ones(table.num_rows, bool)
    return Release({batch.flow.recipient.agency: table}, revealed)
