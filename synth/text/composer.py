"""Texts composed from facts: each part by a wording that fits, with the values of its slots.

Rows with the same facts draw among the same wordings. The pieces of all texts of a chunk are then
laid out one after the other and taken from one pool, so that a text is a stretch of one buffer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.core import record_draws
from darkfigure.synth.core.arrays import Floats, Ints, Mask, Words
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.text.mention_kinds import NO_MENTION
from darkfigure.synth.text.passages import NOBODY, Passages
from darkfigure.synth.text.pieces import Pieces
from darkfigure.synth.text.wordings import LANGUAGES, Wording, Wordings

_CHUNK = 32_768  # texts composed at once, which take some 50 MB
_BETWEEN = " "
_DENSE = 8  # combinations a text up to which a table is faster than sorting; measured


@dataclass(frozen=True)
class Trait:
    """Something that decides which wordings fit: index into `labels`, -1 for unknown."""

    codes: Ints
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Slot:
    """Values that texts may name; null where the writer does not know one.

    Parameters
    ----------
    values
        Shape (n,).
    kind
        One of `mention_kinds`; `NO_MENTION` where naming it is none.
    entity
        Id of the person or place, shape (n,); None where there is none.
    """

    values: pa.StringArray
    kind: int = NO_MENTION
    entity: Ints | None = None


@dataclass(frozen=True)
class Manner:
    """How each text is written; arrays have one entry per text.

    Parameters
    ----------
    style
        Index into `wordings.STYLES`.
    language
        Index into `wordings.LANGUAGES`.
    case
        Index into `pieces.CASES`.
    slips
        Typing errors per letter.
    """

    style: Ints
    language: Ints
    case: Ints
    slips: Floats


@dataclass(frozen=True)
class Told:
    """What there is to tell; arrays have one entry per text, and `ids` keys the draws."""

    ids: Ints
    traits: Mapping[str, Trait]
    slots: Mapping[str, Slot]
    manner: Manner

    def at(self, rows: slice) -> Told:
        """Take some texts."""
        manner = {name: values[rows] for name, values in vars(self.manner).items()}
        return Told(
            self.ids[rows],
            {name: Trait(trait.codes[rows], trait.labels) for name, trait in self.traits.items()},
            {name: _part_of(slot, rows) for name, slot in self.slots.items()},
            Manner(**manner),
        )


def _part_of(slot: Slot, rows: slice) -> Slot:
    entity = None if slot.entity is None else slot.entity[rows]
    return Slot(slot.values[rows.start : rows.stop], slot.kind, entity)


def compose(known: Wordings, told: Told, chance: Stream) -> Passages:
    """Write texts.

    Parameters
    ----------
    known
        The wordings.
    told
        What there is to tell.
    chance
        Draws of wordings and typing errors, keyed by the ids.

    Returns
    -------
    One text for each id; null where no wording fits.
    """
    starts = range(0, max(len(told.ids), 1), _CHUNK)
    return Passages.joined(
        [_composed(known, told.at(slice(start, start + _CHUNK)), chance) for start in starts]
    )


def _composed(known: Wordings, told: Told, chance: Stream) -> Passages:
    layout, seeds = _Layout.of(known), chance.words("text", told.ids)
    words = {name: _drawn(known.parts[name], name, told, seeds) for name in known.words}
    clauses = [
        layout.numbers(name, _drawn(known.parts[name], name, told, seeds)) for name in known.clauses
    ]
    row, code = layout.run(np.stack(clauses, axis=1))
    opens = np.diff(row, prepend=-1) != 0
    code[opens] = _NOTHING  # nothing stands between the beginning and the first part
    texts, slot = layout.filled(row, code, words, told)
    pieces = Pieces(texts, row, len(told.ids)).in_case(told.manner.case)
    pieces = pieces.with_slips(told.manner.slips, seeds)
    known_slots = [told.slots[name] for name in layout.slots]
    kinds = np.array([*(value.kind for value in known_slots), NO_MENTION])
    entity = np.full(len(row), NOBODY)
    for number, value in enumerate(known_slots):
        if value.entity is not None:
            at = slot == number
            entity[at] = value.entity[row[at]]
    return pieces.passages(kinds[slot], entity, told.manner.language)


_NOTHING, _SPACE = 0, 1  # codes of two literals


@dataclass(frozen=True)
class _Layout:
    """All wordings as runs of codes, one after the other.

    Codes from 0 are literals; -1 and below stand for the words and then the slots.
    """

    words: tuple[str, ...]
    slots: tuple[str, ...]
    literals: tuple[str, ...]
    codes: Ints
    starts: Ints
    lengths: Ints
    first_of: Mapping[str, int]  # number of the first wording of each part

    @classmethod
    def of(cls, known: Wordings) -> _Layout:
        slots = tuple(sorted(known.slots))
        names = (*known.words, *slots)
        literals = {"": _NOTHING, _BETWEEN: _SPACE}
        runs: list[list[int]] = [[]]  # the first wording says nothing
        first_of = {}
        for part, options in known.parts.items():
            first_of[part] = len(runs)
            for wording in options:
                run = _codes(wording, names, literals)
                runs.append([_SPACE, *run] if run and not part.startswith("_") else run)
        lengths = np.array([len(run) for run in runs])
        codes = np.array([code for run in runs for code in run], np.int64)
        starts = np.cumsum(lengths) - lengths
        return cls(known.words, slots, tuple(literals), codes, starts, lengths, first_of)

    def numbers(self, part: str, drawn: Ints) -> Ints:
        """Give the numbers of a part's wordings; -1 says nothing."""
        return np.where(drawn < 0, 0, drawn + self.first_of[part])

    def run(self, chosen: Ints) -> tuple[Ints, Ints]:
        """Lay out the chosen wordings, shape (texts, parts): text and code of each piece."""
        flat = chosen.ravel()
        counts = self.lengths[flat]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        row = np.repeat(np.arange(len(flat)) // chosen.shape[1], counts)
        return row, self.codes[np.repeat(self.starts[flat], counts) + within]

    def filled(
        self, row: Ints, code: Ints, words: Mapping[str, Ints], told: Told
    ) -> tuple[pa.StringArray, Ints]:
        """Give the text of each piece, and its slot; -1 for literals and words."""
        pool = [pa.array(self.literals, pa.string())]
        index, slot, begin = code.copy(), np.full(len(code), -1), len(self.literals)
        for number, name in enumerate((*self.words, *self.slots)):
            at = np.flatnonzero(code == -1 - number)
            if name in words:
                index[at] = self._word(name, words[name][row[at]])
                continue
            index[at], slot[at] = begin + row[at], number - len(self.words)
            pool.append(told.slots[name].values.cast(pa.string()).fill_null(""))
            begin += len(told.ids)
        return pa.concat_arrays(pool).take(pa.array(index)), slot

    def _word(self, part: str, drawn: Ints) -> Ints:
        """Give the literals of drawn words."""
        number = self.numbers(part, drawn)
        some = self.lengths[number] > 0
        return np.where(some, self.codes[np.where(some, self.starts[number], 0)], _NOTHING)


def _codes(wording: Wording, names: tuple[str, ...], literals: dict[str, int]) -> list[int]:
    """Write a wording as codes, and number literals that are new."""
    return [
        -1 - names.index(piece) if place % 2 else literals.setdefault(piece, len(literals))
        for place, piece in enumerate(wording.pieces)
        if piece
    ]


def _drawn(options: Sequence[Wording], part: str, told: Told, seeds: Words) -> Ints:
    """Draw one of a part's wordings for each text; -1 where none fits."""
    if not len(told.ids):
        return np.zeros(0, np.int64)
    conditions = {one for wording in options for one in wording.conditions}
    # What every writer knows decides nothing.
    slots = {slot for wording in options for slot in wording.slots if slot in told.slots}
    slots = {slot for slot in slots if told.slots[slot].values.null_count}
    keys = {"style": told.manner.style, "language": told.manner.language}
    keys |= {one.fact: told.traits[one.fact].codes for one in conditions}
    keys |= {f"slot {slot}": _given(told.slots[slot]) for slot in slots}
    example, group = _alike(list(keys.values()))
    alike = {name: values[example] for name, values in keys.items()}
    weights = np.zeros((len(example), len(options) + 1))
    for number, wording in enumerate(options):
        fits = _fits(wording, alike, told)
        weights[:, number] = np.array(wording.weights)[alike["style"]] * fits
    weights[:, -1] = weights.sum(axis=1) == 0
    drawn = _picked(record_draws.uniform(seeds, f"wording {part}"), weights, group)
    return np.where(drawn == len(options), -1, drawn)


def _picked(drawn: Floats, weights: Floats, group: Ints) -> Ints:
    """Pick an option by a draw and the weights of its group; each group's sum is positive."""
    n_groups, n_options = weights.shape
    edges = np.cumsum(weights, axis=1)
    # The edges of group g lie between g and g + 1, so that one search serves all groups.
    edges = edges / edges[:, -1:] + np.arange(n_groups)[:, None]
    place = np.searchsorted(edges.ravel(), drawn + group, side="right")
    return np.asarray(np.minimum(place - group * n_options, n_options - 1))


def _given(slot: Slot) -> Ints:
    return np.asarray(slot.values.is_valid().to_numpy(zero_copy_only=False), np.int64)


def _alike(keys: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Group rows with equal keys: an example of each group, and the group of each row."""
    sizes = [int(key.max()) + 2 for key in keys]
    flat = np.ravel_multi_index([key + 1 for key in keys], sizes)
    if np.prod(sizes, dtype=float) > _DENSE * len(flat):
        _, example, group = np.unique(flat, return_index=True, return_inverse=True)
        return example, group
    first = np.full(math.prod(sizes), -1)
    first[flat[::-1]] = np.arange(len(flat) - 1, -1, -1)
    known = np.flatnonzero(first >= 0)
    number = np.empty(len(first), np.int64)
    number[known] = np.arange(len(known))
    return first[known], number[flat]


def _fits(wording: Wording, alike: Mapping[str, Ints], told: Told) -> Mask:
    """Tell in which groups a wording can be used."""
    fits = alike["language"] == LANGUAGES.index(wording.language)
    for slot in wording.slots:
        if f"slot {slot}" in alike:
            fits = fits & (alike[f"slot {slot}"] > 0)
    for one in wording.conditions:
        fits = fits & one.holds(told.traits[one.fact].labels)[alike[one.fact]]
    return np.asarray(fits)
