"""What the rows of a trace say, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from darkfigure.linkage_eval.studies.trace import Flaw, Outdated

_ANSWER = re.compile(r"q\d\d")
# Columns whose value needs no name beside it, and those that tell a trainee nothing.
_SPEAKS = {"category", "offence_code", "ho_class", "incident_type", "incident_class", "role"}
_SPEAKS |= {"involvement", "ppn_type", "read_code", "event", "decision"}
_LEFT_OUT = {"lsoa_code", "area_code", "recorded_at", "occurred_at", "registration_no"}


def say_content(content: Mapping[str, str]) -> str:
    """Write the content of a row besides names; values of "no" are left out."""
    asked = [name for name, value in content.items() if _ANSWER.fullmatch(name) and value == "yes"]
    texts = [
        value if name in _SPEAKS else f"{name.replace('_', ' ')}: {value}"
        for name, value in content.items()
        if value != "no" and name not in _LEFT_OUT and not _ANSWER.fullmatch(name)
    ]
    return "; ".join([*texts, *([f"yes to {' '.join(asked)}"] if asked else [])])


def say_flaw(flaw: Flaw) -> str:
    """Write a wrong cell: "town: Treharris -> Treharrys (misheard)"."""
    why = flaw.why.replace("_", " ")
    return f"{flaw.column}: {flaw.known or 'nothing'} -> {flaw.written or 'nothing'} ({why})"


def say_outdated(outdated: Outdated) -> str:
    """Write which columns were right until when."""
    return f"right until {outdated.since}: {', '.join(outdated.columns)}"
