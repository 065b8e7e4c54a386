"""Free text: what a scrubber gets, and how much of what is mentioned it finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from darkfigure.api.worlds import opened
from darkfigure.linkage_eval.evaluation.scores import Scores
from darkfigure.linkage_eval.scrubbing.answers import read_answer
from darkfigure.linkage_eval.scrubbing.free_texts import free_texts as drawn_texts
from darkfigure.linkage_eval.studies.scrub import BASELINE, MOST_TEXTS
from darkfigure.linkage_eval.studies.scrub import scrub as scrub_texts
from darkfigure.synth.core.frames import to_pandas
from darkfigure.synth.storage.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd


def free_texts(
    world: Dataset | str | Path, *, texts: int | None = MOST_TEXTS, seed: int = 1
) -> pd.DataFrame:
    """Draw free texts of all agencies: narratives, notes, accounts, minutes, reasons.

    Parameters
    ----------
    world
        A dataset, or its folder.
    texts
        How many; None takes all.
    seed
        Of the draw.

    Returns
    -------
    One row a text: `text_id`, `source`, `table`, `record_id`, `column`, `text`.

    Raises
    ------
    DatasetError
        The dataset has no free text.
    """
    return to_pandas(drawn_texts(opened(world), most=texts, seed=seed))


def scrub(
    world: Dataset | str | Path,
    scrubber: object = BASELINE,
    *,
    found: object | None = None,
    texts: int | None = MOST_TEXTS,
    seed: int = 1,
) -> Scores:
    """Score how much a scrubber of free text finds, by kind of mention, agency and language.

    Parameters
    ----------
    world
        A dataset, or its folder.
    scrubber
        A name of the library, "file.py:function", "cmd: ...", or a function of your own. It gets a
        table with `text_id`, `source` and `text`, and gives a table or frame with `text_id`,
        `start` and `end` (characters), or with `text_id` and `scrubbed`. It runs in this process:
        nothing keeps it from the truth.
    found
        Such a table, or a file of one, of `free_texts` drawn alike; no scrubber works then.
    texts, seed
        As of `free_texts`.

    Returns
    -------
    Shares with 95 % intervals, texts being the sampling unit: `removed` (recall),
    `removed_in_part`, `rightly_removed` (precision) and `texts_without_names`.

    Raises
    ------
    UnknownNameError
        There is no such scrubber.
    LinkerError
        It failed, or gave something else.
    DatasetError
        The dataset has no free text.
    """
    answer = read_answer(Path(found)) if isinstance(found, str | Path) else found
    measured = scrub_texts(opened(world), scrubber, found=answer, most=texts, seed=seed)
    return Scores(to_pandas(measured))
