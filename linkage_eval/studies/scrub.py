"""How well a scrubber finds what free texts mention: scored by the spans of the truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.links.truth import Groups
from darkfigure.linkage_eval.metrics.declaration import Definition
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import ALL, Measured, Measurement, table_of
from darkfigure.linkage_eval.scrubbing.answers import spans_of
from darkfigure.linkage_eval.scrubbing.free_texts import free_texts
from darkfigure.linkage_eval.scrubbing.scrubbers import BUILT_IN, find_scrubber, scrubbed_by
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.schema import MENTION
from darkfigure.synth.schema.codes import TEXT_LANGUAGE
from darkfigure.synth.storage.dataset import Dataset

BASELINE = next(iter(BUILT_IN))
MOST_TEXTS = 10_000  # that are drawn unless somebody says otherwise
# Counts of a text: mentions, those removed in whole and in part; characters removed, and those of
# them that belong to a mention; texts with a person, and those of them without a trace of one.
_COUNTS = ("mentions", "whole", "part", "removed", "rightly", "named", "clean")


def _share(name: str, label: str, meaning: str, above: str, below: str) -> Ratio:
    definition = Definition(
        name, label, meaning, f"{above} / {below}", "neither", "share", ("judged",)
    )
    weights = {part: tuple(int(one == part) for one in _COUNTS) for part in (above, below)}
    return Ratio(definition, weights[above], weights[below])


RECALL = _share(
    "removed",
    "Mentions removed",
    "mentions of which no letter or digit is left",
    "whole",
    "mentions",
)
PARTLY = _share(
    "removed_in_part", "Mentions removed in part", "of which some is left", "part", "mentions"
)
PRECISION = _share(
    "rightly_removed",
    "Rightly removed",
    "letters and digits removed that belong to a mention",
    "rightly",
    "removed",
)
CLEAN = _share(
    "texts_without_names", "Texts without names", "texts on people that name none", "clean", "named"
)

RATIOS = (RECALL, PARTLY, PRECISION, CLEAN)


def scrub(
    dataset: Dataset,
    scrubber: str | object = BASELINE,
    *,
    found: object | None = None,
    most: int | None = MOST_TEXTS,
    seed: int = 1,
) -> pa.Table:
    """Score a scrubber on free texts of a dataset.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    scrubber
        A name, `file.py:function`, `cmd: ...`, or a function of your own. It gets a table with the
        columns `text_id`, `source` and `text`, and answers with `text_id`, `start` and `end`, or
        with `text_id` and `scrubbed`.
    found
        Such an answer, made before; no scrubber is called then.
    most
        Texts to draw; None takes all.
    seed
        Of the draw.

    Returns
    -------
    One row per stratum and metric (`rows.Measured`): over all, by kind of mention, agency and
    language. Intervals take texts as the sampling unit.

    Raises
    ------
    UnknownNameError
        There is no such scrubber.
    LinkerError
        It failed, or answered with something else.
    DatasetError
        The dataset has no free text, or no list of what is mentioned.
    """
    texts = free_texts(dataset, most=most, seed=seed)
    if found is None:
        name = scrubber if isinstance(scrubber, str) else getattr(scrubber, "__name__", "yours")
        work = find_scrubber(scrubber) if isinstance(scrubber, str) else scrubber
        where = f"The scrubber '{name}'"
        answer = scrubbed_by(work, texts, name)  # type: ignore[arg-type]
    else:
        where, answer = "The answer", found
    judged = Judged(texts, spans_of(answer, texts, where), _mentions(dataset, texts))
    return table_of(Measured, judged.measurements())


def _mentions(dataset: Dataset, texts: pa.Table) -> pa.Table:
    """Take the true mentions in some texts, with the row of the text."""
    chosen = texts.append_column("row", pa.array(np.arange(len(texts))))
    mentions = dataset.sql("truth/text_mentions")
    return query(
        f"""SELECT row, "start", "end", kind::VARCHAR AS kind, language::VARCHAR AS language
        FROM {mentions} AS mention JOIN chosen USING (source, "table", record_id, "column")
        ORDER BY row, "start" """,  # noqa: S608, no user's text
        chosen=chosen.drop_columns(["text", "text_id"]),
    )


@dataclass(frozen=True)
class Judged:
    """Texts, the spans that a scrubber found in them, and the true mentions."""

    texts: pa.Table
    spans: pa.Table
    mentions: pa.Table

    @cached_property
    def _begins(self) -> Ints:
        lengths = pc.utf8_length(self.texts["text"]).to_numpy().astype(np.int64)
        return np.append(0, np.cumsum(lengths))

    @cached_property
    def _letters(self) -> Mask:
        """Mark letters and digits among all characters, text after text."""
        page = "".join(self.texts["text"].to_pylist())
        points = np.frombuffer(page.encode("utf-32-le"), "<u4")
        distinct, place = np.unique(points, return_inverse=True)
        return np.array([chr(point).isalnum() for point in distinct], bool)[place]

    def _covered(self, row: Ints, start: Ints, end: Ints) -> Mask:
        edges = np.zeros(int(self._begins[-1]) + 1, np.int64)
        np.add.at(edges, self._begins[row] + start, 1)
        np.add.at(edges, self._begins[row] + end, -1)
        return np.cumsum(edges)[:-1] > 0

    @cached_property
    def _of_mentions(self) -> tuple[Ints, Ints, Ints]:
        row, start, end = (self.mentions[name].to_numpy() for name in ("row", "start", "end"))
        return row, start, end

    @cached_property
    def _removed(self) -> Mask:
        place = pc.index_in(self.spans["text_id"], self.texts["text_id"].combine_chunks())
        bounds = (self.spans[name].to_numpy() for name in ("start", "end"))
        return self._covered(place.to_numpy().astype(np.int64), *bounds) & self._letters

    def _counts(self, chosen: Mask) -> Ints:
        """Count by text, as `_COUNTS` says; mentions are those chosen."""
        row, start, end = self._of_mentions
        letters, gone = (np.append(0, np.cumsum(mask)) for mask in (self._letters, self._removed))
        first, last = self._begins[row] + start, self._begins[row] + end
        size, lost = letters[last] - letters[first], gone[last] - gone[first]
        whole, part = (lost == size) & (lost > 0), (lost > 0) & (lost < size)
        inside = np.append(0, np.cumsum(self._covered(row, start, end) & self._removed))
        person = pc.equal(self.mentions["kind"], "person").to_numpy(zero_copy_only=False)
        n = len(self.texts)
        count = {
            name: np.bincount(row[mask], minlength=n)
            for name, mask in (
                ("mentions", chosen),
                ("whole", chosen & whole),
                ("part", chosen & part),
                ("persons", person),
                ("left", person & ~whole),
            )
        }
        named = count["persons"] > 0
        columns = {
            **count,
            "removed": np.diff(gone[self._begins]),
            "rightly": np.diff(inside[self._begins]),
            "named": named,
            "clean": named & (count["left"] == 0),
        }
        return np.stack([columns[name] for name in _COUNTS], axis=1).astype(np.int64)

    def measurements(self) -> list[Measurement]:
        """Measure over all texts, by agency and language, and by kind of mention."""
        every = np.ones(len(self.mentions), bool)
        whole = Groups(ALL, (ALL,), np.zeros(len(self.texts), np.int64))
        groups = [whole, self._agencies(), self._languages()]
        measured = measure_ratios(self._counts(every), groups, RATIOS)
        kinds = self.mentions["kind"].combine_chunks()
        for kind in MENTION:
            own = pc.equal(kinds, kind).to_numpy(zero_copy_only=False)
            group = Groups("mention", (kind,), np.zeros(len(self.texts), np.int64))
            measured += measure_ratios(self._counts(own), [group], (RECALL, PARTLY))
        return measured

    def _agencies(self) -> Groups:
        agency = [source.split("/")[0] for source in self.texts["source"].to_pylist()]
        names, codes = np.unique(np.array(agency), return_inverse=True)
        return Groups("agency", tuple(map(str, names)), codes.astype(np.int64))

    def _languages(self) -> Groups:
        """Group texts by language; it is known of those that mention something."""
        names = tuple(TEXT_LANGUAGE)
        code = np.full(len(self.texts), len(names))
        spoken = self.mentions["language"].combine_chunks()
        index = pc.index_in(spoken, pa.array(names)).to_numpy().astype(np.int64)
        code[self._of_mentions[0]] = index
        return Groups("language", names, code)
