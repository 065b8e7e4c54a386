"""Sharing: what a strategy lets whom hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from darkfigure.api.worlds import opened
from darkfigure.linkage_eval.sharing.metrics.effort import tabulate_flows
from darkfigure.linkage_eval.sharing.outputs import share as share_dataset
from darkfigure.synth.core.frames import to_pandas
from darkfigure.synth.storage.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd


def share(
    world: Dataset | str | Path, strategy: str, out: str | Path, *, overwrite: bool = False
) -> pd.DataFrame:
    """Let a sharing strategy work: write what each recipient holds, the log, and the agreement.

    Parameters
    ----------
    world
        A dataset, or its folder.
    strategy
        Name of the library, or path of a TOML file; overlays behind "+", as "mash+scandal".
    out
        Folder to make.
    overwrite
        Replace an earlier one.

    Returns
    -------
    One row a flow: who gives what to whom, in which form, how much.

    Raises
    ------
    UnknownNameError
        There is no such strategy.
    OutputError
        `out` is occupied, or cannot be written.
    """
    known = share_dataset(opened(world), strategy, Path(out), overwrite=overwrite)
    return to_pandas(tabulate_flows(known))
