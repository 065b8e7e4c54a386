"""Rules of a system for all its texts: capitals, ASCII, fields of few letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from darkfigure.synth.core.spec import Spec
from darkfigure.synth.entry.faults.encoding import ascii_only

Rule = Callable[[pa.StringArray], pa.StringArray]

TEXTS = ("surname", "forename", "middle_name", "house", "street", "town")
# Faults in the ledger of cells in which nothing else is wrong; the last that applies counts.
CAPITALS, ASCII, CUT = "stored_in_capitals", "stored_as_ascii", "cut_to_length"


class Storage(Spec):
    """The form in which a system keeps texts.

    Parameters
    ----------
    upper_case
        In capitals only.
    ascii_only
        Without diacritics, and with ? for other foreign letters.
    lengths
        Linkage field to the most letters that fit; a longer text is cut.
    """

    upper_case: bool = False
    ascii_only: bool = False
    lengths: Mapping[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)

    def rules(self, field: str) -> dict[str, Rule]:
        """Give the rules for a field's texts by name, in the order in which they apply."""
        rules: dict[str, Rule] = {}
        if self.upper_case and field in TEXTS:
            rules[CAPITALS] = pc.utf8_upper
        if self.ascii_only and field in TEXTS:
            rules[ASCII] = ascii_only
        if field in self.lengths:
            length = self.lengths[field]
            rules[CUT] = lambda texts: pc.utf8_slice_codeunits(texts, 0, length)
        return rules
