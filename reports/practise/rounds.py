"""One round of practice with the whole content of its pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.reports.practise.candidates import find_candidates
from darkfigure.reports.practise.cards import Card, make_cards
from darkfigure.reports.practise.choice import choose
from darkfigure.reports.practise.explanations import Explanation, explain
from darkfigure.reports.practise.people import read_people, read_touched
from darkfigure.reports.practise.practice import Practice
from darkfigure.reports.practise.traits import Traits, find_traits
from darkfigure.reports.practise.verdicts import Verdicts, ask_linkers
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.storage.dataset import Dataset

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Round:
    """The pairs of a round in order, their answers and traits, and the verdicts of the linkers."""

    practice: Practice
    scenario: str
    cards: tuple[Card, ...]
    answers: tuple[Explanation, ...]
    traits: tuple[Traits, ...]
    verdicts: tuple[Verdicts, ...]

    @property
    def name(self) -> str:
        """A short name that differs between rounds with different pairs."""
        ids = [(card.left.record_id, card.right.record_id) for card in self.cards]
        return hashlib.blake2b(repr((self.practice, ids)).encode(), digest_size=6).hexdigest()

    @property
    def n_matches(self) -> int:
        """Number of true pairs."""
        return sum(answer.match for answer in self.answers)


def make_round(
    dataset: Dataset, practice: Practice, links: Mapping[str, pa.Table], progress: Progress
) -> Round:
    """Choose pairs, explain them, and run the linkers whose links are not known yet.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    practice
        The settings of the round.
    links
        Known links (schema `LINKS`), by linker.
    progress
        Called with a text, the number of steps done, and their total.
    """
    chance = Stream(practice.seed, ("practise",))
    progress("choosing pairs", 0, 1)
    candidates = find_candidates(dataset, practice.left, practice.right, chance)
    chosen = choose(candidates, practice, chance)
    cards = make_cards(dataset, (candidates.truth.left, candidates.truth.right), chosen)
    people = read_people(
        dataset, {p for pair in chosen for p in (pair.left_person, pair.right_person)}
    )
    touched = read_touched(dataset, [side for card in cards for side in (card.left, card.right)])
    answers = [
        explain(card, pair, people, touched) for card, pair in zip(cards, chosen, strict=True)
    ]

    def find_links(linker: str) -> pa.Table:
        if linker in links:
            return links[linker]
        place = practice.linkers.index(linker)
        progress(f"linking with {linker}", place, len(practice.linkers))
        task = Task(left=practice.left, right=practice.right)
        return link_dataset(dataset, LinkerEntry(name=linker), task, seed=practice.seed)

    verdicts = ask_linkers(chosen, practice, find_links)
    scenario = dataset.manifest["scenario"]
    title = str(scenario.get("title") or scenario["name"])
    traits = find_traits(candidates.truth, chosen, cards, touched)
    return Round(practice, title, cards, tuple(answers), traits, tuple(verdicts))
