"""MACRAL, as the SAIL databank links: number, then exact agreement, then probability.

Lyons et al. describe three steps: a valid NHS number; exact agreement of surname, forename, sex,
date of birth and postcode; then probabilistic linkage helped by Soundex and a lexicon of names,
accepted from 50 % on. Data without NHS numbers start at the second step. Every link keeps SAIL's
match status:

    1   valid NHS numbers agree                        score 1
    4   all five variables agree exactly               score 1
    39  match probability 0.9 or more                  score: the probability
    35  match probability 0.5 or more                  score: the probability

SAIL links to a register that holds everybody once. Here neither side is such a register, so a
linked record can be linked again; and the model's parameters are found by EM, since SAIL's weights
are not published.

References
----------
Lyons et al. (2009), "The SAIL databank: linking multiple health and social care datasets", BMC
Medical Informatics and Decision Making 9:3. The status codes are those of SAIL's variable
ALF_STS_CD (grade B: well known, not read in that paper).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.linkers.blocking import (
    Rule,
    candidate_pairs,
    random_pairs,
    with_sounds,
)
from darkfigure.linkage_eval.linkers.comparing import compare, linked_pairs
from darkfigure.linkage_eval.linkers.fellegi_sunter import match_probabilities
from darkfigure.linkage_eval.linkers.fields import TWO_OR_NUMBERS, FieldNeeds
from darkfigure.linkage_eval.linkers.names import lexicon

_RULES: tuple[Rule, ...] = (
    ("nhs_number",),
    ("surname_sound", "date_of_birth"),
    ("forename_sound", "date_of_birth"),
    ("surname_sound", "forename_sound", "sex"),
    ("surname_sound", "postcode"),
    ("postcode", "date_of_birth"),
)
_FIVE = ("surname", "forename", "sex", "date_of_birth", "postcode")
_IN_LEXICON = "(l_forename, r_forename) IN (SELECT (name, other) FROM lexicon)"
_DATE = "date_of_birth"
_SAME_PARTS = " + ".join(
    f"({part}(l_{_DATE}) = {part}(r_{_DATE}))::INT" for part in ("year", "month", "day")
)
_SWAPPED = (
    f"(year(l_{_DATE}) = year(r_{_DATE}) AND day(l_{_DATE}) = month(r_{_DATE}) "
    f"AND month(l_{_DATE}) = day(r_{_DATE}))"
)
# Level 0 agrees fully; -1 is missing.
_LEVELS = {
    "surname": """CASE WHEN l_surname = r_surname THEN 0
        WHEN l_surname_sound = r_surname_sound THEN 1
        WHEN l_surname = r_forename AND l_forename = r_surname THEN 1 ELSE 2 END""",
    "forename": f"""CASE WHEN l_forename = r_forename THEN 0
        WHEN {_IN_LEXICON} THEN 1 WHEN l_forename_sound = r_forename_sound THEN 2
        WHEN l_surname = r_forename AND l_forename = r_surname THEN 2 ELSE 3 END""",
    "sex": "CASE WHEN l_sex = r_sex THEN 0 ELSE 1 END",
    _DATE: f"""CASE WHEN l_{_DATE} = r_{_DATE} THEN 0
        WHEN {_SWAPPED} OR {_SAME_PARTS} = 2 THEN 1 ELSE 2 END""",
    "postcode": """CASE WHEN l_postcode = r_postcode THEN 0
        WHEN split_part(l_postcode, ' ', 1) = split_part(r_postcode, ' ', 1) THEN 1 ELSE 2 END""",
}
_N_LEVELS = (3, 4, 2, 3, 3)
_LIKELY = 0.9


@dataclass(frozen=True)
class Macral:
    """Link as SAIL does: valid NHS number, exact agreement, then probability of 50 % or more.

    Parameters
    ----------
    threshold
        Links below this match probability are not returned.
    """

    threshold: float = 0.5
    name: str = "macral"
    gives_probability: bool = True
    reads: ClassVar[tuple[str, ...]] = (*_FIVE, "nhs_number")
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs that share number, names by sound, birth date or postcode."""
        return candidate_pairs(left, right, _RULES)

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Link two tables; `status` is SAIL's match status."""
        pairs = self.block(left, right)
        levels, numbers = _compare(left, right, pairs)
        at_random, _ = _compare(left, right, random_pairs(left.num_rows, right.num_rows, seed))
        n_pairs = left.num_rows * right.num_rows
        probability = match_probabilities(levels, at_random, _N_LEVELS, n_pairs=n_pairs)
        exact = (levels == 0).all(axis=1)
        score = np.where(numbers | exact, 1.0, probability)
        status = np.select([numbers, exact, probability >= _LIKELY], ["1", "4", "39"], "35")
        linked = score >= self.threshold
        chosen = Pairs(pairs.left[linked], pairs.right[linked])
        return linked_pairs(left, right, chosen, score[linked], status=status[linked])


def _compare(left: pa.Table, right: pa.Table, pairs: Pairs) -> tuple[np.ndarray, np.ndarray]:
    """Give the levels of each pair, and whether its NHS numbers agree."""
    missing = {name: f"l_{name} IS NULL OR r_{name} IS NULL" for name in _FIVE}
    expressions = {
        name: f"CASE WHEN {missing[name]} THEN -1 ELSE {_LEVELS[name]} END" for name in _FIVE
    }
    expressions["numbers"] = "coalesce(l_nhs_number = r_nhs_number, false)"
    compared = compare(with_sounds(left), with_sounds(right), pairs, expressions, lexicon=lexicon())
    levels = np.column_stack([compared[name].to_numpy().astype(np.int64) for name in _FIVE])
    return levels, compared["numbers"].to_numpy()
