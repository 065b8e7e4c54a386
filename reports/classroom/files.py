"""Files of answers as a page of practice saves them: JSON, or CSV, maybe through a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from darkfigure.reports.classroom.sitting import MATCH, NO_MATCH, SAID, JudgedPair, SaidAnswer
from darkfigure.synth.core.errors import LinksError
from darkfigure.synth.core.printable import printable

ENDINGS = (".json", ".csv")
_LARGEST = 20_000_000  # bytes; a page of 500 pairs saves under two million. No rate
_LONGEST = 1_000_000.0  # seconds on a pair, eleven days: no page stays open longer. Assumed
_AGAIN = "Save the answers from the page of practice again, as JSON."
_GROUP = "group: "
_ASKED = (
    *("pair", "left_id", "right_id", "answer", "truth", "outcome", "seconds", "hints", "kind"),
    "faults",
)
_NAMES = ("reviewer", "round")


@dataclass(frozen=True)
class AnswerFile:
    """What a file of answers holds: who, of which round, each pair, and what was said of it."""

    path: Path
    reviewer: str
    round: str
    pairs: Mapping[int, JudgedPair]
    answers: Mapping[int, SaidAnswer]


def read_answers(path: Path) -> AnswerFile:
    """Read a file of answers.

    Parameters
    ----------
    path
        What "Save answers as JSON" or "as CSV" of a page of practice wrote.

    Raises
    ------
    LinksError
        It is none, or was damaged; the message says what, where, and how to mend it.
    """
    text = _text(path)
    rows = _json_rows(path, text) if text.lstrip()[:1] in {"{", "["} else _csv_rows(path, text)
    if not rows:
        raise LinksError(f"{path} holds no answers. Answer at least one pair, then save again.")
    _check_columns(path, rows[0])
    pairs, answers = {}, {}
    for place, row in enumerate(rows, start=1):
        pair, given = _row(path, place, row)
        if pair.number in pairs:
            raise LinksError(f"{path}, answer {place}: pair {pair.number} comes twice. {_AGAIN}")
        pairs[pair.number], answers[pair.number] = pair, given
    first = rows[0]
    return AnswerFile(path, _plain(first["reviewer"]), _plain(first["round"]), pairs, answers)


def _text(path: Path) -> str:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise LinksError(f"{path} is a pipe or a device, not a file. {_AGAIN}")
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise LinksError(f"{path} is {size:,} bytes large, and no file of answers. {_AGAIN}")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise LinksError(f"{path} is no text in UTF-8, and no file of answers. {_AGAIN}") from None
    except OSError as error:
        raise LinksError(
            f"{path} cannot be read: {error.strerror or error}. Name files that a page of practice "
            "saved, or a folder of them."
        ) from None


def _json_rows(path: Path, text: str) -> list[dict[str, Any]]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LinksError(f"{path} is broken JSON ({error}). {_AGAIN}") from None
    rows = told.get("answers") if isinstance(told, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LinksError(f"{path} is JSON, but no file of answers: it has no `answers`. {_AGAIN}")
    common = {name: told[name] for name in _NAMES if name in told}
    return [common | row for row in rows]


def _csv_rows(path: Path, text: str) -> list[dict[str, Any]]:
    head = text.partition("\n")[0]
    # Some spreadsheets part by semicolons or tabs what came with commas.
    mark = max(",;\t", key=head.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise LinksError(f"{path} is a broken table ({error}). {_AGAIN}") from None
    short = [place for place, row in enumerate(rows, 1) if None in row or None in row.values()]
    if short:
        raise LinksError(f"{path}, answer {short[0]}: its columns are not those above. {_AGAIN}")
    return rows


def _check_columns(path: Path, row: Mapping[str, Any]) -> None:
    missing = [name for name in (*_NAMES, *_ASKED) if name not in row]
    if len(missing) == len(_NAMES) + len(_ASKED):
        raise LinksError(f"{path} is no file of answers of a page of practice. {_AGAIN}")
    if missing:
        raise LinksError(
            f"{path} lacks {', '.join(missing)}. If a page of an earlier version saved it, write "
            f"the page anew with `darkfigure practise`; else it was altered: {_AGAIN}"
        )


def _row(path: Path, place: int, row: Mapping[str, Any]) -> tuple[JudgedPair, SaidAnswer]:
    where = f"{path}, answer {place}"
    number = _number(where, "pair", row["pair"])
    if number < 1 or number % 1:
        raise LinksError(f"{where}: pair is '{row['pair']}', no number of a pair. {_AGAIN}")
    pair = JudgedPair(
        number=int(number),
        left_id=_plain(row["left_id"]),
        right_id=_plain(row["right_id"]),
        truth=_one_of(where, "truth", row["truth"], (MATCH, NO_MATCH)),
        kind=_plain(row["kind"]),
        faults=tuple(filter(None, _plain(row["faults"]).split("; "))),
        groups={
            name.removeprefix(_GROUP): _plain(value)
            for name, value in row.items()
            if name.startswith(_GROUP)
        },
        methods=dict(_methods(where, row)),
        fields=_fields(row.get("fields")),
    )
    answer = _one_of(where, "answer", row["answer"], SAID)
    seconds = _number(where, "seconds", row["seconds"])
    if not 0 <= seconds <= _LONGEST:
        raise LinksError(
            f"{where}: seconds is '{_plain(row['seconds'])}'; they lie between 0 and "
            f"{_LONGEST:,.0f}. {_AGAIN}"
        )
    return pair, SaidAnswer(answer, seconds)


def _methods(where: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the verdicts: what is neither asked of every file nor a group is a method's column."""
    # The head of a JSON file tells the round, and its scores, besides.
    others = {*_NAMES, *_ASKED, "fields"}
    for name, value in row.items():
        if name not in others and not name.startswith(_GROUP):
            yield _plain(name), _one_of(where, name, value, (MATCH, NO_MATCH, ""))


def _fields(told: object) -> tuple[tuple[str, str, str], ...]:
    if not isinstance(told, list):
        return ()
    lines = [line for line in told if isinstance(line, list) and len(line) == 3]
    return tuple((_plain(a), _plain(b), _plain(c)) for a, b, c in lines)


def _one_of(where: str, name: str, value: object, known: tuple[str, ...]) -> str:
    text = _plain(value)
    if text not in known:
        told = ", ".join(f"'{one}'" for one in known if one)
        raise LinksError(f"{where}: {name} is '{text}'; it must be one of {told}. {_AGAIN}")
    return text


def _number(where: str, name: str, value: object) -> float:
    try:
        # Where a spreadsheet wrote decimal commas.
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise LinksError(f"{where}: {name} is '{_plain(value)}', no number. {_AGAIN}")
    return number


def _plain(value: object) -> str:
    """Give text of one line; an apostrophe kept a spreadsheet from taking it for a formula."""
    text = printable(str(value).strip(), 500, line=True)
    return text[1:] if text[:1] == "'" and text[1:2] in set("=+-@") else text
