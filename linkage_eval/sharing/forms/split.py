"""The split file: identifiers to a trusted third party, content to the databank.

The third party links identifiers to its register of everybody (here the practices' lists, from
which the Welsh Demographic Service is made) in MACRAL's steps, and gives the databank an
anonymised linking field (ALF) for each record. The databank never sees a name, the third party no
content.
"""

from __future__ import annotations

import hmac

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.linkers.macral import Macral
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.sharing.forms.release import Batch, Release
from darkfigure.synth.storage.dataset import Dataset

_KEY = b"darkfigure-alf"
_CHARACTERS = 16
_REGISTER = "gp"


def release_split(batch: Batch) -> Release:
    """Release identifiers to the third party and content with ALFs to the recipient."""
    carried, form = batch.flow.carried_identity, batch.flow.format
    reference = pa.array([str(row) for row in range(batch.rows.num_rows)], pa.string())
    identifiers = batch.identity.select(sorted(carried)).append_column("reference", reference)
    content = batch.content.append_column("alf", _alfs(batch))
    revealed = np.ones(content.num_rows, bool)
    return Release({form.ttp: identifiers, batch.flow.recipient.agency: content}, revealed)


def _alfs(batch: Batch) -> pa.Array:
    """Give the ALFs of a batch; the third party does not link a subject twice."""
    flow = batch.flow
    key = (flow.source.holding_name, flow.rows, *sorted(flow.carried_identity))
    subjects = batch.rows[flow.source.holding.subject].to_pylist()
    known = batch.dataset.alfs.setdefault(key, {})
    new = pa.array([subject not in known for subject in subjects], pa.bool_())
    records = batch.identity.filter(new)
    alfs = find_alfs(batch.dataset, records).to_pylist()
    known.update(zip(records["record_id"].to_pylist(), alfs, strict=True))
    return pa.array([known[subject] for subject in subjects], pa.string())


def find_alfs(dataset: Dataset, identity: pa.Table) -> pa.Array:
    """Give each record the ALF of its best link among the register's people.

    Parameters
    ----------
    dataset
        The dataset, with the practices' lists.
    identity
        Schema `RECORDS`.

    Returns
    -------
    ALFs as text, shape (records,); null where no person is linked.
    """
    none = pa.nulls(identity.num_rows, pa.string())
    if not identity.num_rows or not dataset.has("gp/registrations"):
        return none
    register = standardise(dataset, _REGISTER)
    rows = pa.array([str(row) for row in range(identity.num_rows)])
    asked = identity.set_column(0, "record_id", rows)
    links = Macral().link(asked, register, seed=int(dataset.manifest["seed"]))
    best = query(
        """SELECT left_id, arg_max(right_id, (score, right_id)) AS right_id
        FROM links GROUP BY left_id""",
        links=links.select(["left_id", "right_id", "score"]),
    )
    partners = dict(zip(best["left_id"].to_pylist(), best["right_id"].to_pylist(), strict=True))
    people = (partners.get(str(row)) for row in range(identity.num_rows))
    return pa.array([person and _alf(person) for person in people], pa.string())


def _alf(person: str) -> str:
    return hmac.digest(_KEY, person.encode(), "sha256").hex()[:_CHARACTERS]
