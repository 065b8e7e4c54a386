"""Profiles: the rates and the unevenness of the faults of one system's users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import hypot
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import ConfigDict, Field, ValidationInfo, create_model, field_validator

from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.entry.completeness import MADE_UP, MinimumDataset
from darkfigure.synth.entry.delays import RowFaults
from darkfigure.synth.entry.difficulty import Difficulty
from darkfigure.synth.entry.faults.storage import Storage
from darkfigure.synth.entry.table import faults_of

Severity = Annotated[float, Field(ge=0, le=3)]


class FaultRate(Spec):
    """The share of the cells that a fault could change and does change, and its source."""

    rate: Rate
    """share of the cells it could change"""
    source: str = Field("assumed", min_length=1)


class Spread(Spec):
    """Unevenness of faults: standard deviations of the logarithm of a record's fault rates.

    0 means that all are alike. The defaults are assumed.
    """

    clerk: Amount = 0.4
    shift: Amount = 0.3
    person: Amount = 0.4
    record: Amount = 0.6

    @property
    def all(self) -> float:
        """Standard deviation of all together."""
        return hypot(self.clerk, self.shift, self.person, self.record)


class _Listed(Spec):
    # It is made of a list: pydantic would search in vain for docstrings of a source, and for long.
    model_config = ConfigDict(use_attribute_docstrings=False)


def _faults_at(field: str) -> Any:  # noqa: ANN401, pydantic's way to define a field
    rates: dict[str, Any] = {fault.name: (FaultRate | None, None) for fault in faults_of(field)}
    model = create_model(f"FaultsAt_{field}", __base__=_Listed, **rates)
    return (model, Field(default_factory=model))


if TYPE_CHECKING:
    FaultRates = Spec
else:
    # Made from the list of faults, so that an unknown fault is refused with the nearest known one.
    FaultRates = create_model(
        "FaultRates", __base__=_Listed, **{field: _faults_at(field) for field in FIELDS}
    )


class SystemProfile(Spec):
    """Faults of data entry in one system.

    Parameters
    ----------
    title
        Name of the system, for people.
    source
        Sources of its rates, in words.
    severity
        Factor on all rates: 0 writes a perfect copy, 1 applies the rates as they are, 3 is the
        worst. A rate that it carries beyond 1 befalls every cell.
    spread
        Unevenness of faults over clerks, shifts, persons and records.
    faults
        Linkage field, then fault, then its rate and source; a fault that is not named never
        happens.
    placeholders
        Linkage field to the system's word, or words, for "not known".
    mandatory
        Linkage fields that cannot be left empty: an unknown value becomes a placeholder.
    minimum_dataset
        A rule that fields be filled in, and whether it is in force.
    difficulty
        Properties that make a record hard to write rightly.
    storage
        The system's rules for every text.
    row_faults
        Rates of records that are entered late or amended.
    """

    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    severity: Severity = 1.0
    spread: Spread = Spread()
    faults: FaultRates = Field(default_factory=FaultRates)
    mandatory: tuple[str, ...] = ()
    minimum_dataset: MinimumDataset = MinimumDataset()
    difficulty: Difficulty = Difficulty()
    storage: Storage = Storage()
    row_faults: RowFaults = RowFaults()
    placeholders: Mapping[str, str | tuple[str, ...]] = Field(
        default_factory=dict, validate_default=True
    )

    @field_validator("mandatory")
    @classmethod
    def _knows_fields(cls, fields: tuple[str, ...]) -> tuple[str, ...]:
        _refuse_strange(fields)
        return fields

    @field_validator("placeholders")
    @classmethod
    def _has_every_word(
        cls, words: Mapping[str, str | tuple[str, ...]], info: ValidationInfo
    ) -> Mapping[str, str | tuple[str, ...]]:
        insisted = {*info.data.get("mandatory", ())}
        minimum = info.data.get("minimum_dataset")
        insisted |= {*minimum.fields} if minimum else set()
        silent = {"missing", "blank"}
        rates = {field: _rates(info.data.get("faults"), field).keys() for field in FIELDS}
        without = [
            field
            for field in FIELDS
            if not words.get(field)
            and (MADE_UP in rates[field] or (field in insisted and silent & rates[field]))
        ]
        if without:
            raise ValueError(
                f"needs a word for {', '.join(without)}, since a rate says it is written"
            )
        _refuse_strange(words)
        return words

    def rates(self, field: str) -> dict[str, float]:
        """Give the rate of each fault at a linkage field, under the rules on empty fields."""
        rates = _rates(self.faults, field)
        rates = _CANNOT_BE_EMPTY.model_copy(update={"fields": self.mandatory}).applied(field, rates)
        return self.minimum_dataset.applied(field, rates)

    def set_to(self, severity: float, *, minimum_dataset: bool) -> Self:
        """Multiply the severity of the profile, and enforce the minimum dataset if asked.

        Parameters
        ----------
        severity
            Factor on the profile's own severity.
        minimum_dataset
            Whether to enforce the rule; false leaves the profile's own setting.
        """
        rule = self.minimum_dataset
        enforced = rule.model_copy(update={"enforced": rule.enforced or minimum_dataset})
        changes = {"severity": self.severity * severity, "minimum_dataset": enforced}
        return self.model_copy(update=changes)

    def words(self, field: str) -> tuple[str, ...]:
        """Give the system's words for "not known" in a linkage field."""
        words = self.placeholders.get(field, ())
        return (words,) if isinstance(words, str) else tuple(words)


_CANNOT_BE_EMPTY = MinimumDataset(enforced=True, still_missing_rate=0, made_up_rate=1)


def _rates(faults: Spec | None, field: str) -> dict[str, float]:
    entries = getattr(faults, field, None) or ()
    return {name: rate.rate for name, rate in entries if rate is not None}


def _refuse_strange(fields: Iterable[str]) -> None:
    strange = sorted(set(fields) - set(FIELDS))
    if strange:
        raise ValueError(
            f"no linkage field is called {', '.join(strange)}; use {', '.join(FIELDS)}"
        )
