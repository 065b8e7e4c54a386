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


def render_page(made: Round) -> str:
    """Write the page on which people judge; its answers are scrambled."""
    key = int(made.name, 16) % 0xFFFFFFFF + 1
    answers = json.dumps(_answers(made), ensure_ascii=False)
    return (
        environment()
        .get_template("practise.html")
        .render(
            **_shared(made),
            sealed=seal(answers, key),
            seal_key=key,
            script=asset("practise.js"),
        )
    )


def render_key(made: Round) -> str:
    """Write the trainer's key: every answer in the open, for print."""
    pairs = zip(made.cards, made.answers, range(len(made.cards)), strict=True)
    return (
        environment()
        .get_template("practise_key.html")
        .render(
            **_shared(made),
            pairs=[(card, answer, _said(made, place)) for card, answer, place in pairs],
            n_matches=made.n_matches,
        )
    )


def _shared(made: Round) -> dict[str, Any]:
    practice = made.practice
    return {
        "heading": _TITLE.format(len(made.cards)),
        "round": made,
        "practice": practice,
        "linkers": [capital(labels.linker(each.linker)) for each in made.verdicts],
        "failures": [
            (capital(labels.linker(each.linker)), each.failure)
            for each in made.verdicts
            if each.failure
        ],
        "sides": (
            labels.side(f"{practice.left}-{practice.right}", right=False),
            labels.side(f"{practice.left}-{practice.right}", right=True),
        ),
        "systems": (labels.the_system(practice.left), labels.the_system(practice.right)),
        "style": Markup("{}\n{}").format(asset("style.css"), asset("practise.css")),
    }


def _answers(made: Round) -> dict[str, Any]:
    return {
        "linkers": [capital(labels.linker(each.linker)) for each in made.verdicts],
        "failures": [each.failure for each in made.verdicts],
        "pairs": [
            {
                "match": answer.match,
                "kind": answer.kind,
                "verdict": answer.verdict,
                "reasons": answer.reasons,
                "linked": _said(made, place),
            }
            for place, answer in enumerate(made.answers)
        ],
    }


def _said(made: Round, place: int) -> list[bool | None]:
    """List what each linker said of a pair; none where it failed."""
    return [each.linked[place] if each.linked else None for each in made.verdicts]
