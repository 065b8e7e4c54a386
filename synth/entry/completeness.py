"""Fields that must be filled in: fewer stay empty, and more hold a word for "not known"."""

from __future__ import annotations

from collections.abc import Mapping

from darkfigure.synth.core.spec import Rate, Spec


class MinimumDataset(Spec):
    """A rule that some fields be filled in; both rates are assumed.

    Parameters
    ----------
    enforced
        Whether the rule is in force.
    fields
        Linkage fields that it names.
    still_missing_rate
        Share of otherwise empty cells that stay empty.
    made_up_rate
        Share of otherwise empty cells that hold one of the system's words for "not known"; the rest
        are asked for and filled in rightly. For a field that cannot be left empty, 0 and 1.
    """

    enforced: bool = False
    fields: tuple[str, ...] = ()
    still_missing_rate: Rate = 0.15
    made_up_rate: Rate = 0.35

    def applied(self, field: str, rates: Mapping[str, float]) -> dict[str, float]:
        """Give the rates of a field's faults under the rule.

        Parameters
        ----------
        field
            Linkage field.
        rates
            Rate of each fault without the rule.
        """
        empty = sum(rates.get(name, 0.0) for name in _EMPTY)
        if not self.enforced or field not in self.fields or not empty:
            return dict(rates)
        reduced = {name: rate * self._left(name) for name, rate in rates.items()}
        made_up = rates.get(MADE_UP, 0.0) + empty * self.made_up_rate
        return {name: rate for name, rate in (reduced | {MADE_UP: made_up}).items() if rate}

    def _left(self, fault: str) -> float:
        return self.still_missing_rate if fault in _EMPTY else 1.0


_EMPTY = ("missing", "blank")
MADE_UP = "placeholder"
