"""The folder of a strategy applied to a dataset.

::

    OUT/
      manifest.json        strategy as resolved, dataset, counts, files
      log.parquet          every record that a flow asked for, with its status
      misuses.parquet      people looked up without need, and whether review finds it
      held/<recipient>/<flow>.parquet   the table that each recipient holds by each flow
      flows.svg            the map of flows, with their forms
      agreement.md         the sharing agreement in words, with the objections of the lint
      policy.jsonld        the same for machines (ODRL, DPV)
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow.parquet as pq

from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge, spread_knowledge
from darkfigure.linkage_eval.sharing.metrics.misuse import find_misuses
from darkfigure.linkage_eval.sharing.outputs.agreement import write_agreement
from darkfigure.linkage_eval.sharing.outputs.flow_map import draw_flows
from darkfigure.linkage_eval.sharing.outputs.odrl import to_odrl
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.core.file_names import file_name
from darkfigure.synth.storage.dataset import Dataset, fresh_folder
from darkfigure.synth.storage.manifest import MANIFEST
from darkfigure.synth.storage.parts import SYNTHETIC


def share(dataset: Dataset, strategy: str, out: Path, *, overwrite: bool = False) -> Knowledge:
    """Apply a strategy to a dataset, and write its folder.

    Parameters
    ----------
    dataset
        A dataset, of which only agencies' tables are read.
    strategy
        Library name or path, with overlays after "+".
    out
        Folder to make.
    overwrite
        Whether to replace the folder of an earlier call, if it holds nothing else.

    Raises
    ------
    UnknownNameError
        There is no such strategy.
    SpecError
        A key of its file is missing, unknown or wrong, or the lint refuses it.
    OutputError
        `out` is occupied or cannot be written.
    """
    if out.resolve() == dataset.path.resolve():
        raise OutputError(f"{out} is the dataset itself; choose another folder.")
    loaded = load_strategy(strategy)
    with fresh_folder(out, overwrite=overwrite) as folder:
        knowledge = spread_knowledge(dataset, loaded)
        pq.write_table(knowledge.log, folder / "log.parquet")
        misuses = find_misuses(AgencyView.of(dataset), knowledge)
        pq.write_table(misuses, folder / "misuses.parquet")
        for held in knowledge.held:
            name = file_name(held.flow, [held.flow], plain=True)
            file = folder / "held" / folder_of(held.recipient) / f"{name}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(held.table, file)
        texts = {
            "flows.svg": draw_flows(loaded),
            "agreement.md": write_agreement(loaded),
            "policy.jsonld": _json(to_odrl(loaded)),
        }
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        manifest = _manifest(dataset, strategy, knowledge)
        manifest["files"] = [file.relative_to(folder).as_posix() for file in files]
        (folder / MANIFEST).write_text(_json(manifest), encoding="utf-8")
    return knowledge


def _manifest(dataset: Dataset, name: str, knowledge: Knowledge) -> dict[str, object]:
    return {
        "notice": SYNTHETIC,
        "strategy": name,
        "resolved": knowledge.strategy.model_dump(mode="json"),
        "scenario": dataset.manifest["scenario"]["name"],
        "seed": dataset.manifest["seed"],
        "asked_for": knowledge.log.num_rows,
        "shared": knowledge.shared.num_rows,
    }


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def folder_of(recipient: str) -> str:
    """Give the name of an agency's folder: "police" of "police:*", "vpu-wales" of "vpu:wales"."""
    stem = re.sub(r"[^a-z0-9_]+", "-", recipient.lower()).strip("-")
    plain = re.fullmatch(r"[a-z0-9_]+(:([a-z0-9_]+|\*))?", recipient)
    return file_name(stem, [recipient], plain=bool(plain))
