"""The two pages of a round: one to judge on, and the trainer's key."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from darkfigure.reports.html import labels
from darkfigure.reports.html.formats import capital
from darkfigure.reports.html.templating import asset, environment
from darkfigure.reports.practise.rounds import Round
from darkfigure.reports.practise.seal import seal

_TITLE = "Clerical review: judge {} pairs"


def render_page(round_: Round) -> str:
    """Write the page on which people judge; its answers are scrambled."""
    key = int(round_.name, 16) % 0xFFFFFFFF + 1
    answers = json.dumps(_answers(round_), ensure_ascii=False)
    return (
        environment()
        .get_template("practise.html")
        .render(
            **_shared(round_),
            sealed=seal(answers, key),
            seal_key=key,
            script=asset("practise.js"),
        )
    )


def render_key(round_: Round) -> str:
    """Write the trainer's key: every answer in the open, for print."""
    pairs = zip(round_.cards, round_.answers, range(len(round_.cards)), strict=True)
    return (
        environment()
        .get_template("practise_key.html")
        .render(
            **_shared(round_),
            pairs=[(card, answer, _said(round_, place)) for card, answer, place in pairs],
            n_matches=round_.n_matches,
        )
    )


def _shared(round_: Round) -> dict[str, Any]:
    practice = round_.practice
    return {
        "heading": _TITLE.format(len(round_.cards)),
        "round": round_,
        "practice": practice,
        "linkers": [capital(labels.linker(verdicts.linker)) for verdicts in round_.verdicts],
        "failures": [
            (capital(labels.linker(verdicts.linker)), verdicts.failure)
            for verdicts in round_.verdicts
            if verdicts.failure
        ],
        "sides": (
            labels.side(f"{practice.left}-{practice.right}", right=False),
            labels.side(f"{practice.left}-{practice.right}", right=True),
        ),
        "systems": (labels.the_system(practice.left), labels.the_system(practice.right)),
        "style": Markup("{}\n{}").format(asset("style.css"), asset("practise.css")),
    }


def _answers(round_: Round) -> dict[str, Any]:
    return {
        "linkers": [capital(labels.linker(verdicts.linker)) for verdicts in round_.verdicts],
        "failures": [verdicts.failure for verdicts in round_.verdicts],
        "pairs": [
            {
                "match": answer.match,
                "kind": answer.kind,
                "verdict": answer.verdict,
                "reasons": answer.reasons,
                "linked": _said(round_, place),
                "groups": dict(traits.groups),
                "faults": traits.faults,
            }
            for place, (answer, traits) in enumerate(
                zip(round_.answers, round_.traits, strict=True)
            )
        ],
    }


def _said(round_: Round, place: int) -> list[bool | None]:
    """List each linker's verdict on a pair; None where it failed."""
    return [verdicts.linked[place] if verdicts.linked else None for verdicts in round_.verdicts]
