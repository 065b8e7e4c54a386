"""Probabilistic linkage with Splink: Fellegi and Sunter's model, trained without labels.

Settings are Splink's own comparisons at their defaults, with term frequencies for the names.
None was tuned on any truth. Of the address only the postcode is compared, and middle name and
ethnic group are left out: the model takes fields to be independent among non-matches.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from linkage_eval.contracts import LINKS

_COMPARED = ("forename", "surname", "date_of_birth", "sex", "postcode", "nhs_number")
# Pairs worth comparing share one of these; assumed, for British administrative records.
_BLOCKING = (
    ("nhs_number",),
    ("surname", "date_of_birth"),
    ("forename", "date_of_birth"),
    ("postcode", "date_of_birth"),
    ("surname", "forename"),
    ("forename", "postcode"),
    ("surname", "postcode", "sex"),
)
_TRAINING = (("surname", "forename"), ("date_of_birth",))
_CERTAIN = ("surname", "forename", "date_of_birth")
# Assumed: the share of true pairs that agree on names and birth date.
_CERTAIN_RECALL = 0.7
_SAMPLED_PAIRS = 2e6
_TRAINING_PAIRS = 2e6
# Sums in another order differ in the last digits; nobody needs those.
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

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Link two tables; the score is the match probability.

        u is estimated from random pairs, m by expectation maximisation over two blocking rules.
        """
        fields = [
            field
            for field in _COMPARED
            if left[field].null_count < len(left) and right[field].null_count < len(right)
        ]
        linker = _make_linker(left, right, fields)
        _train(linker, fields, seed)
        found = linker.inference.predict(threshold_match_probability=self.threshold)
        return _to_links(found.as_pyarrow_table())


def _make_linker(left: pa.Table, right: pa.Table, fields: list[str]) -> Linker:
    comparisons = {
        "forename": cl.NameComparison("forename"),
        "surname": cl.NameComparison("surname"),
        "date_of_birth": cl.DateOfBirthComparison("date_of_birth", input_is_string=False),
        "sex": cl.ExactMatch("sex"),
        "postcode": cl.PostcodeComparison("postcode"),
        "nhs_number": cl.ExactMatch("nhs_number"),
    }
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record_id",
        comparisons=[comparisons[field] for field in fields],
        blocking_rules_to_generate_predictions=_rules(_BLOCKING, fields),
        # Splink would name the model at random.
        linker_uid="darkfigure",
    )
    database = DuckDBAPI()
    tables = [
        database.register(records.select(["record_id", *fields]), dataset_display_name=name)
        for records, name in ((left, "a_left"), (right, "b_right"))
    ]
    return Linker(tables, settings, log_level=None)


def _rules(rules: tuple[tuple[str, ...], ...], fields: list[str]) -> list[object]:
    return [block_on(*rule) for rule in rules if set(rule) <= set(fields)]


def _train(linker: Linker, fields: list[str], seed: int) -> None:
    training = linker.training
    training.estimate_probability_two_random_records_match(
        _rules((_CERTAIN,), fields), recall=_CERTAIN_RECALL
    )
    training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=seed)
    for rule in _rules(_TRAINING, fields):
        training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=_TRAINING_PAIRS)


def _to_links(found: pa.Table) -> pa.Table:
    links = pa.table(
        {
            "left_id": found["record_id_l"],
            "right_id": found["record_id_r"],
            "score": pc.round(found["match_probability"], _DIGITS),
        }
    )
    return links.cast(LINKS).sort_by([("left_id", "ascending"), ("right_id", "ascending")])
