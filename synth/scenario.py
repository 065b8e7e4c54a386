"""A scenario: everything that determines a simulated world, composed of the stages' own specs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from synth.agencies.ed import EmergencyDepartments
from synth.agencies.education import Education
from synth.agencies.gp import GeneralPractice
from synth.agencies.police import Police
from synth.calendar import Period
from synth.contacts import Contacts
from synth.entry import SystemProfile
from synth.lives import Lives
from synth.population import Population
from synth.spec import Amount, Spec
from synth.violence import Violence

Agency = Literal["police", "ed", "gp", "education"]
AGENCIES: tuple[Agency, ...] = ("police", "ed", "gp", "education")


class Scenario(Spec):
    """One world: where, when, who, how much violence, who learns of it, how it is written down."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: str = ""
    description: str = ""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    areas: tuple[str, ...] = ()  # local authorities by their English name; none means all of Wales
    persons: Annotated[int, Field(ge=1)] | None = None  # size of the sample; none means everybody
    start: dt.date = dt.date(2021, 4, 1)
    years: Annotated[int, Field(ge=1, le=10)] = 3
    agencies: tuple[Agency, ...] = AGENCIES
    severity: Annotated[Amount, Field(le=3)] = 1.0  # of faults at entry: 0 is a perfect copy
    population: Population = Population()
    lives: Lives = Lives()
    violence: Violence = Violence()
    contacts: Contacts = Contacts()
    police: Police = Police()
    ed: EmergencyDepartments = EmergencyDepartments()
    gp: GeneralPractice = GeneralPractice()
    education: Education = Education()
    systems: dict[str, SystemProfile] = Field(default_factory=dict)

    @field_validator("start")
    @classmethod
    def _in_reach(cls, start: dt.date) -> dt.date:
        if not dt.date(2000, 1, 1) <= start <= dt.date(2035, 1, 1):
            raise ValueError("must lie between 2000-01-01 and 2035-01-01")
        return start

    def __reduce__(self) -> tuple[Any, ...]:
        # The profiles' classes are made from the list of faults, so pickle cannot find them.
        return (type(self).model_validate, (self.model_dump(),))

    @property
    def period(self) -> Period:
        """The study period."""
        return Period.of(self.start, self.years)

    def profiles(self) -> dict[str, SystemProfile]:
        """Give each agency's system profile, its severity times the scenario's."""
        copying = SystemProfile(title="a system that copies perfectly", source="assumed")
        own = {name: self.systems.get(name, copying) for name in self.agencies}
        return {
            name: profile.model_copy(update={"severity": profile.severity * self.severity})
            for name, profile in own.items()
        }

    def resolved(self) -> dict[str, Any]:
        """Give everything the scenario says, defaults included, as plain data."""
        return self.model_dump(mode="json")
