"""A scenario: everything that determines a simulated world, composed of the stages' own specs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, TypeVar

from pydantic import Field, PrivateAttr, create_model, field_validator

from darkfigure.synth.agencies.framework.service_demand import Needs
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.core.salt import Salt
from darkfigure.synth.core.spec import Amount, Spec
from darkfigure.synth.entry import SystemProfile
from darkfigure.synth.lives import Lives
from darkfigure.synth.population import Population
from darkfigure.synth.reporting.contacts import Contacts
from darkfigure.synth.schema import AGENCIES
from darkfigure.synth.schema.registry import registry
from darkfigure.synth.setting.calendar import Period
from darkfigure.synth.violence.spec import Violence

S = TypeVar("S", bound=Spec)
# For editors; the validator below says more of what is wrong with a name.
AgencyName = Annotated[str, Field(json_schema_extra={"enum": list(AGENCIES)})]


def with_agencies(frame: type[S]) -> type[S]:
    """Give a class of scenarios a table for each agency, with its specification."""
    specs = {name: manifest.load("spec") for name, manifest in AGENCIES.items()}
    fields: dict[str, Any] = {name: (spec, spec()) for name, spec in specs.items()}
    return create_model(
        frame.__name__,
        __base__=frame,
        __doc__=frame.__doc__,
        __module__=frame.__module__,
        **fields,
    )


@with_agencies
class Scenario(Spec):
    """One world: its place and time, its people and violence, the agencies and their systems.

    Each agency that the registry knows has a table of its own, called as the agency.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]
    title: str = ""
    description: str = ""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    """Seed of all draws; another seed gives another world with the same laws."""
    areas: tuple[str, ...] = ()
    """Local authorities by their English name; none means all of Wales."""
    persons: Annotated[int, Field(ge=1)] | None = None
    """Size of the sample; none means everybody."""
    start: dt.date = dt.date(2021, 4, 1)
    years: Annotated[int, Field(ge=1, le=10)] = 3
    """Length of the study."""
    agencies: tuple[AgencyName, ...] = registry().ours
    """Names of agencies, in any order; those of other distributions by their entry points."""
    severity: Annotated[Amount, Field(le=3)] = 1.0
    """Factor on all faults at entry: 0 is a perfect copy, 3 the worst."""
    minimum_dataset: bool = False
    """Enforce every system's minimum dataset: fewer gaps, more words for "not known"."""
    population: Population = Population()
    lives: Lives = Lives()
    violence: Violence = Violence()
    contacts: Contacts = Contacts()
    needs: Needs = Needs()
    systems: dict[str, SystemProfile] = Field(default_factory=dict)
    _salt: Salt | None = PrivateAttr(default=None)  # a secret, so no part of the manifest

    @field_validator("agencies")
    @classmethod
    def _in_order(cls, agencies: tuple[str, ...]) -> tuple[str, ...]:
        for name in agencies:
            if name in registry().broken:
                raise ValueError(registry().broken[name])
            if name not in AGENCIES:
                raise ValueError(str(UnknownNameError.of("agency", name, AGENCIES)))
        return tuple(name for name in AGENCIES if name in agencies)

    @field_validator("start")
    @classmethod
    def _in_reach(cls, start: dt.date) -> dt.date:
        if not dt.date(2000, 1, 1) <= start <= dt.date(2035, 1, 1):
            raise ValueError("must lie between 2000-01-01 and 2035-01-01")
        return start

    def __reduce__(self) -> tuple[Any, ...]:
        # The profiles' classes are made from the list of faults, so pickle cannot find them.
        return (_restored, (self.model_dump(), self._salt))

    @property
    def salt(self) -> Salt | None:
        """The secret that goes into all draws, or None."""
        return self._salt

    def salted(self, salt: Salt | None) -> Scenario:
        """Give the same scenario with another salt, or None for no salt."""
        copy = self.model_copy()
        copy._salt = salt  # noqa: SLF001, a copy of our own
        return copy

    @property
    def chance(self) -> Stream:
        """The stream of all draws, from seed and salt."""
        return Stream(self.seed, salt=self._salt.key if self._salt else b"")

    @property
    def period(self) -> Period:
        """The study period."""
        return Period.of(self.start, self.years)

    def profiles(self) -> dict[str, SystemProfile]:
        """Give each agency's system profile, changed by the scenario's severity and rules.

        Returns
        -------
        Profiles by source; a source with a system of its own, such as "police/dyfed_powys", may
        have its own.
        """
        perfect = SystemProfile(title="a system that copies perfectly", source="assumed")
        own = dict.fromkeys(self.agencies, perfect) | dict(self.systems)
        return {
            name: profile.set_to(self.severity, minimum_dataset=self.minimum_dataset)
            for name, profile in own.items()
        }

    def resolved(self) -> dict[str, Any]:
        """Give all settings of the scenario, defaults included, as plain data.

        Agencies of other distributions are left out where the scenario does not have them, so that
        the settings can be read where they are not installed.
        """
        idle = set(AGENCIES) - {*registry().ours, *self.agencies}
        return self.model_dump(mode="json", exclude=idle)


def _restored(data: dict[str, Any], salt: Salt | None) -> Scenario:
    return Scenario.model_validate(data).salted(salt)
