"""Profiles: how often, and how unevenly, the people who use one system get what wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationInfo, create_model, field_validator

from synth.entry.faults import faults_of
from synth.schema import FIELDS
from synth.spec import Amount, Rate, Spec

Severity = Annotated[float, Field(ge=0, le=3)]


class FaultRate(Spec):
    """The share of the cells a fault could change that it does change, and who says so."""

    rate: Rate
    source: str = Field("assumed", min_length=1)


class Spread(Spec):
    """How unevenly faults fall: standard deviations of the logarithm of a record's fault rates.

    0 means that all are alike. The defaults are assumed.
    """

    clerk: Amount = 0.4
    shift: Amount = 0.3
    person: Amount = 0.4
    record: Amount = 0.6


def _faults_at(field: str) -> Any:  # noqa: ANN401, pydantic's way to define a field
    rates: dict[str, Any] = {fault.name: (FaultRate | None, None) for fault in faults_of(field)}
    model = create_model(f"FaultsAt_{field}", __base__=Spec, **rates)
    return (model, Field(default_factory=model))


if TYPE_CHECKING:
    FaultRates = Spec
else:
    # Made from the list of faults, so that an unknown fault is refused with the nearest known one.
    FaultRates = create_model(
        "FaultRates", __base__=Spec, **{field: _faults_at(field) for field in FIELDS}
    )


class SystemProfile(Spec):
    """What goes wrong at data entry in one system.

    Parameters
    ----------
    title
        Which system, for people.
    source
        Where its rates come from, in words.
    severity
        Factor on all rates: 0 writes a perfect copy, 1 what the rates say, 3 the worst.
    spread
        How unevenly faults fall on clerks, shifts, persons and records.
    faults
        Linkage field, then fault, then its rate and source; what is not named never happens.
    placeholders
        Linkage field to the system's word for "not known".
    """

    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    severity: Severity = 1.0
    spread: Spread = Spread()
    faults: FaultRates = Field(default_factory=FaultRates)
    placeholders: Mapping[str, str] = Field(default_factory=dict, validate_default=True)

    @field_validator("placeholders")
    @classmethod
    def _has_every_word(cls, words: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        needed = [
            field for field in FIELDS if "placeholder" in _rates(info.data.get("faults"), field)
        ]
        without = [field for field in needed if not words.get(field)]
        if without:
            raise ValueError(
                f"needs a word for {', '.join(without)}, since a rate says it is written"
            )
        strange = sorted(set(words) - set(FIELDS))
        if strange:
            raise ValueError(
                f"no linkage field is called {', '.join(strange)}; use {', '.join(FIELDS)}"
            )
        return words

    def rates(self, field: str) -> dict[str, float]:
        """Give the rate of each fault that the profile names at a linkage field."""
        return _rates(self.faults, field)


def _rates(faults: Spec | None, field: str) -> dict[str, float]:
    given = getattr(faults, field, None) or ()
    return {name: rate.rate for name, rate in given if rate is not None}
