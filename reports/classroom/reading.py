"""The answers of a class, from their files: one round, each learner once, nothing altered."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from darkfigure.reports.classroom.files import ENDINGS, AnswerFile, read_answers
from darkfigure.reports.classroom.sitting import JudgedPair, Learner, Sitting
from darkfigure.reports.html.formats import listing
from darkfigure.synth.core.errors import LinksError

_MOST_NAMED = 3  # files in a message. No rate


def read_sitting(paths: Sequence[Path], *, letters: bool = False) -> Sitting:
    """Read the answers of a class.

    Parameters
    ----------
    paths
        Files of answers, and folders of them.
    letters
        Call learners A, B, C in the order of their files, for a page that is shown to all.

    Raises
    ------
    LinksError
        A file is no file of answers, answers another page than the others, or is a learner's
        second; or two files tell different things of one pair.
    """
    files = [read_answers(path) for path in _files(paths)]
    _check_round(files)
    pairs: dict[int, JudgedPair] = {}
    for file in files:
        _add_pairs(pairs, file, files[0])
    learners = [Learner(_name(file), file.path.name, file.answers) for file in files]
    _check_once(files, learners)
    if letters:
        learners = [replace(one, name=_letter(place)) for place, one in enumerate(learners)]
    return Sitting(files[0].round, dict(sorted(pairs.items())), tuple(learners))


def _files(paths: Sequence[Path]) -> list[Path]:
    found = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if _may_be_answers(file))
            if not inside:
                raise LinksError(f"{path} holds no JSON or CSV. Put the learners' files there.")
            found += inside
        else:
            found.append(path)
    if not found:
        raise LinksError("No files are named. Name the files of answers, or a folder of them.")
    # A file that is named twice, or by itself and with its folder, counts once.
    return list({os.path.realpath(file): file for file in found}.values())


def _may_be_answers(file: Path) -> bool:
    return file.suffix.lower() in ENDINGS and not file.name.startswith(".")


def _check_round(files: Sequence[AnswerFile]) -> None:
    rounds = Counter(file.round for file in files)
    usual = rounds.most_common(1)[0][0]
    strays = [file for file in files if file.round != usual]
    if strays:
        others = [file.path.name for file in files if file.round == usual]
        named = listing([str(file.path) for file in strays[:_MOST_NAMED]])
        more = f" (and {len(strays) - _MOST_NAMED} more)" if len(strays) > _MOST_NAMED else ""
        raise LinksError(
            f"{named}{more}: answers to another page of practice (round {strays[0].round}) than "
            f"those of {listing(others[:_MOST_NAMED])} (round {usual}). Everybody must answer the "
            "same page; merge each page's answers by themselves."
        )


def _add_pairs(pairs: dict[int, JudgedPair], file: AnswerFile, first: AnswerFile) -> None:
    for number, pair in file.pairs.items():
        known = pairs.setdefault(number, pair)
        if known.about != pair.about:
            raise LinksError(
                f"{file.path}: what it tells of pair {number} is not what other files tell, such "
                f"as {first.path.name}. One of them was altered: save the answers from the page "
                "of practice again."
            )
        if not known.fields:
            pairs[number] = replace(known, fields=pair.fields)


def _name(file: AnswerFile) -> str:
    return file.reviewer or file.path.stem


def _check_once(files: Sequence[AnswerFile], learners: Sequence[Learner]) -> None:
    seen: dict[object, AnswerFile] = {}
    for file, learner in zip(files, learners, strict=True):
        # Seconds are told to a tenth: nobody answers twice in the same.
        marks = (learner.name.casefold(), tuple(sorted((n, g.answer, g.seconds)
                 for n, g in file.answers.items())))  # fmt: skip
        for mark, what in zip(marks, ("are both of", "hold the same answers, of"), strict=True):
            if mark in seen:
                raise LinksError(
                    f"{seen[mark].path} and {file.path} {what} '{learner.name}'. Keep one of them; "
                    "if two learners share a name, change it on the page and save again."
                )
            seen[mark] = file


def _letter(place: int) -> str:
    """Give A, B, ... Z, A2, B2 and so on."""
    turn, letter = divmod(place, 26)
    return f"{chr(ord('A') + letter)}{turn + 1 if turn else ''}"
