"""A round of practice as files: the Python twin of `darkfigure practise`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pyarrow as pa

from darkfigure.linkage_eval.runs.stored_links import write_file
from darkfigure.reports.practise.page import render_key, render_page
from darkfigure.reports.practise.practice import Practice
from darkfigure.reports.practise.rounds import Progress, Round, make_round
from darkfigure.synth.storage.dataset import Dataset


def write_practice(
    dataset: Dataset,
    out: Path,
    practice: Practice | None = None,
    *,
    key: Path | None = None,
    links: Mapping[str, pa.Table] | None = None,
    progress: Progress | None = None,
) -> Round:
    """Write a page on which people practise clerical review, and maybe the trainer's key.

    Parameters
    ----------
    dataset
        The dataset of the pairs, with its truth.
    out
        Path of the page: one file that needs no network.
    practice
        The settings of the round; by default `Practice()`.
    key
        Path of the trainer's key; without, none is written.
    links
        Links that are known already (schema `LINKS`), by linker.
    progress
        Called with a text, the number of steps done, and their total.

    Returns
    -------
    The round, with its answers.

    Raises
    ------
    DatasetError
        The dataset lacks a source or its truth, or has too few pairs.
    OutputError
        A page cannot be written.
    """
    round_ = make_round(dataset, practice or Practice(), links or {}, progress or _say_nothing)
    _write(out, render_page(round_))
    if key:
        _write(key, render_key(round_))
    return round_


def _write(page: Path, html: str) -> None:
    write_file(page, partial(Path.write_text, data=html, encoding="utf-8"))


def _say_nothing(what: str, done: int, total: int) -> None:
    pass
