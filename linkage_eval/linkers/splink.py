"""Probabilistic linkage with Splink: Fellegi and Sunter's model, trained without labels.

Three settings. Comparisons and thresholds used no truth; for blocking see `blocking.RULES`:

- `splink-beginner`, like a first script: each field compared as the tutorials do, three blocking
  rules;
- `splink`, tuned by looking at the data alone: comparisons made for dates and postcodes, forename
  and surname compared together so that swapped names agree, eight blocking rules;
- `splink-tf`, the same, where agreement on a rare value counts for more (term frequencies).

Of the address only the postcode is compared, and middle name, ethnic group and telephone, which
families share, are left out: the model takes fields to be independent among non-matches. Where a
field is not there, others of these step in (`fields.py`), in blocking, prior and training too
(`splink_prior.py`); further columns of a user's own are always compared.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.database_api import DatabaseAPI
from splink.internals.exceptions import EMTrainingException

from darkfigure.linkage_eval.contracts import LINKS, Pairs
from darkfigure.linkage_eval.linkers.blocking import (
    Rule,
    candidate_pairs,
    rule_sizes,
    widened,
    with_sounds,
)
from darkfigure.linkage_eval.linkers.fields import (
    SECOND_LINE,
    TWO_OR_NUMBERS,
    FieldNeeds,
    UnableError,
    as_texts,
    further_columns,
    held,
    stand_ins,
)
from darkfigure.linkage_eval.linkers.splink_prior import (
    CERTAIN,
    RECALL,
    Prior,
    find_prior,
    training_rules,
)
from darkfigure.linkage_eval.linkers.splink_settings import (
    BEGINNER,
    FULL_NAME,
    TERM_FREQUENCIES,
    TUNED,
    Settings,
    further_comparisons,
)
from darkfigure.linkage_eval.linkers.weights import weights_of

_COMPARED = ("forename", "surname", "date_of_birth", "sex", "postcode", "nhs_number", "upn")
_SOUNDS = ["surname_sound", "forename_sound"]
_SAMPLED_PAIRS = 2e6
_TRAINING_PAIRS = 2e6
_PAIRS_AT_ONCE = 20_000_000  # compared in some 2 GB; assumed to fit wherever linkers run
_SHARE_OF_MEMORY = 0.5  # of the limit; tables from and to Arrow, and sorting, come on top
# Digits of a score: sums in another order differ in the last ones.
_DIGITS = 9


@dataclass(frozen=True)
class Splink:
    """Link with Splink on DuckDB.

    Parameters
    ----------
    threshold
        Links below this match probability are not returned.
    """

    threshold: float = 0.5
    name: str = "splink"
    gives_probability: bool = True
    reads: ClassVar[tuple[str, ...]] = _COMPARED
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE
    further: ClassVar[bool] = True
    settings: ClassVar[Settings] = TUNED

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs of the blocking rules."""
        return candidate_pairs(left, right, self._rules(left, right))

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Link two tables; the score is the match probability.

        u is estimated from random pairs, m by expectation maximisation over two blocking rules.
        """
        return self._predict([left, right], seed)

    def deduplicate(self, records: pa.Table, *, seed: int) -> pa.Table:
        """Link the records of one table to each other."""
        return self._predict([records], seed)

    def weigh(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Give the match weights that it learns (schema `WEIGHTS`), a row a level of a field."""
        linker = self._trained([left] if left is right else [left, right], seed)
        model = linker.misc.save_model_to_json()
        return weights_of(
            {
                "field": comparison["output_column_name"],
                "level": level["label_for_charts"],
                "m": level.get("m_probability"),
                "u": level.get("u_probability"),
            }
            for comparison in model["comparisons"]
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        )

    def _predict(self, tables: list[pa.Table], seed: int) -> pa.Table:
        if not all(table.num_rows for table in tables):
            return LINKS.empty_table()
        linker = self._trained(tables, seed)
        chunks = self._chunks(tables, self._rules(tables[0], tables[-1]))
        predictions = linker.inference.predict(
            threshold_match_probability=self.threshold, num_chunks_left=chunks
        )
        return _to_links(predictions.as_pyarrow_table())

    def _trained(self, tables: list[pa.Table], seed: int) -> Linker:
        left, right = tables[0], tables[-1]
        there = held(left, right)
        usual = [field for field in _COMPARED if field in there]
        more = [*stand_ins(left, right), *further_columns(left, right)]
        texts = [as_texts(table, further_columns(left, right)) for table in tables]
        fields = [*usual, *more]
        first, second = texts[0], texts[-1]
        rules = self._rules(left, right)
        if not rules:
            raise UnableError(f"no blocking rule is left with {', '.join(fields)} alone")
        prior = find_prior(first, second, fields)
        settings = SettingsCreator(
            link_type="link_only" if len(tables) > 1 else "dedupe_only",
            unique_id_column_name="record_id",
            comparisons=[
                *self.settings.comparisons(frozenset(usual)),
                *further_comparisons(more),
            ],
            blocking_rules_to_generate_predictions=_block_on(rules),
            probability_two_random_records_match=prior.share,
            # Splink would name the model at random.
            linker_uid="darkfigure",
        )
        linker = _make_linker(self._database(), texts, fields, settings)
        _train(linker, prior, training_rules(first, second, fields), seed)
        return linker

    def _rules(self, left: pa.Table, right: pa.Table) -> tuple[Rule, ...]:
        """Give the blocking rules over fields that are there."""
        more = (*stand_ins(left, right), *further_columns(left, right))
        rules = widened(left, right, self.settings.rules, more)
        there = {*held(left, right), *more}
        return tuple(
            rule for rule in rules if {part.removesuffix("_sound") for part in rule} <= there
        )

    def _database(self) -> DatabaseAPI[Any]:
        """Give the database on which Splink works."""
        return DuckDBAPI(_connect())

    def _chunks(self, tables: list[pa.Table], rules: tuple[Rule, ...]) -> int:
        """Give the number of parts in which candidate pairs are compared, to bound memory."""
        return max(1, -(-sum(rule_sizes(tables[0], tables[-1], rules)) // _PAIRS_AT_ONCE))


@dataclass(frozen=True)
class SplinkBeginner(Splink):
    """Link with Splink as a first script sets it up: tutorial comparisons, three rules."""

    name: str = "splink-beginner"
    settings: ClassVar[Settings] = BEGINNER


@dataclass(frozen=True)
class SplinkTermFrequencies(Splink):
    """Link with Splink where agreeing on a rare name or postcode counts for more."""

    name: str = "splink-tf"
    settings: ClassVar[Settings] = TERM_FREQUENCIES


def _make_linker(
    database: DatabaseAPI[Any],
    tables: list[pa.Table],
    fields: list[str],
    settings: SettingsCreator,
) -> Linker:
    registered = [
        database.register(_prepare(records, fields), dataset_display_name=name)
        for records, name in zip(tables, ("a_left", "b_right"), strict=False)
    ]
    return Linker(registered, settings, log_level=None)


def _connect() -> duckdb.DuckDBPyConnection:
    """Open a database that spills to disk at a share of this process's memory limit.

    By default DuckDB counts on most of the machine's memory, and fails where the limit is lower.
    """
    connection = duckdb.connect()
    allowed, _ = resource.getrlimit(resource.RLIMIT_DATA)
    if allowed != resource.RLIM_INFINITY:
        connection.execute(f"SET memory_limit = '{int(allowed * _SHARE_OF_MEMORY) >> 20}MiB'")
        connection.execute(f"SET temp_directory = '{tempfile.gettempdir()}/duckdb'")
    return connection


def _prepare(records: pa.Table, fields: list[str]) -> pa.Table:
    full_name = pc.binary_join_element_wise(records["forename"], records["surname"], " ")
    sounds = with_sounds(records).select(_SOUNDS)
    chosen = records.select(["record_id", *fields]).append_column(FULL_NAME, full_name)
    for name in _SOUNDS:
        chosen = chosen.append_column(name, sounds[name])
    return chosen


def _block_on(rules: Iterable[Rule]) -> list[object]:
    return [block_on(*rule) for rule in rules]


def _train(linker: Linker, prior: Prior, rules: list[Rule], seed: int) -> None:
    training = linker.training
    if prior.certain:
        training.estimate_probability_two_random_records_match(_block_on([CERTAIN]), recall=RECALL)
    training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=seed)
    learn = training.estimate_parameters_using_expectation_maximisation
    for rule in _block_on(rules):
        # Where almost no pair of a rule matches, a share falls to 0 and Splink refuses it; then
        # that rule teaches nothing. Neither does one whose pairs differ in a missing value.
        with suppress(ValueError, EMTrainingException):
            learn(rule, max_pairs=_TRAINING_PAIRS)


def _to_links(predictions: pa.Table) -> pa.Table:
    links = pa.table(
        {
            "left_id": predictions["record_id_l"],
            "right_id": predictions["record_id_r"],
            "score": pc.round(predictions["match_probability"], _DIGITS),
        }
    )
    return links.cast(LINKS).sort_by([("left_id", "ascending"), ("right_id", "ascending")])
