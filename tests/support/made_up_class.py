"""Files of answers as a class would save them from a page of practice, all made up."""

from __future__ import annotations

import json
from pathlib import Path

TRUTH = "match", "match", "no match", "no match", "match", "no match"
MOVED, RENAMED, TWINS = "Same person, moved", "Same person, new name", "Twins"
KINDS = MOVED, RENAMED, TWINS, TWINS, MOVED, TWINS
SURNAMES = ("Rees", "REES"), ("Price", "Rees"), *[("Evans", "Evans")] * 4
WORDS = {"m": "match", "n": "no match", "u": "unsure"}


def rows(said: str, *, seconds: float = 4.0) -> list[dict[str, object]]:
    """Make the rows of a learner: "m", "n", "u" for each pair, "-" where none was given."""
    return [
        {
            "pair": number + 1,
            "left_id": f"E{number}",
            "right_id": f"N{number}",
            "answer": WORDS[letter],
            "truth": TRUTH[number],
            "outcome": "",
            "seconds": seconds + number,
            "hints": False,
            "kind": KINDS[number],
            "faults": "Missing value; Typing error" * (number % 2),
            "group: Sex": "Female" if number < 4 else "Male",
            "group: Age": "16-24",
            "Exact matching": "match" if number == 0 else "no match",
            "Splink": TRUTH[number],
            "fields": [["Surname", *SURNAMES[number]]],
        }
        for number, letter in enumerate(said)
        if letter != "-"
    ]


def save(folder: Path, name: str, said: str, **changes: object) -> Path:
    """Save the answers of a learner; `changes` may replace any part of the file."""
    told = {
        "reviewer": name,
        "round": "abc123",
        "level": "hard",
        "score": {},
        "answers": rows(said, seconds=1.0 + len(name)),
    }
    file = folder / f"answers-{name or 'unnamed'}.json"
    file.write_text(json.dumps(told | changes), encoding="utf-8")
    return file


def a_class(folder: Path) -> list[Path]:
    """Save the answers of three: Ann is right throughout, the others are not."""
    given = {"Ann": "mmnnmn", "Bob": "mmmnun", "Eirlys \u03a9": "mnnnm-"}
    return [save(folder, name, said) for name, said in given.items()]
