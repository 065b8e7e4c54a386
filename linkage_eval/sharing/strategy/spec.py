"""A sharing strategy: its flows, the rules of governance, and the climate of trust."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from darkfigure.linkage_eval.sharing.strategy.durations import Duration
from darkfigure.linkage_eval.sharing.strategy.flows import Flow, Identifiability
from darkfigure.linkage_eval.sharing.strategy.holdings import HOLDINGS
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reporting.help_seeking import Deterrence


class Header(Spec):
    """The header of a strategy: its names, instrument and purpose."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    version: str = "1"
    title: str
    plain: str = ""
    """Its name in a few words that need no explanation; by default the title up to a colon."""
    description: str = ""
    instrument: Literal["none", "ISP", "WASPI-DDA", "DDA", "JCA", "DPA", "statute"] = "none"
    controller_default: Literal["share", "withhold"] = "withhold"
    """The decision of a controller who is in doubt."""
    purpose: tuple[str, ...] = ()
    weakness: str = ""
    """Its known weakness."""


class Dpia(Spec):
    """The data protection impact assessment, without which no flow begins."""

    done: bool = False
    months: Amount = 4.0
    """Months that it takes if it is not done; assumed."""


class PerformancePressure(Spec):
    """The conduct of agencies that are judged by their published figures; all assumed.

    The rates sweep a fear that interviews and inspections describe; nobody has measured them.
    """

    agencies: tuple[str, ...] = ()
    """Kinds of agency, such as "police"."""
    since: Duration = "P1Y"
    """Time from the study's beginning until figures are first published."""
    downgraded: Rate = 0.0
    """Share of records that are recorded as something that is not asked for."""
    filled: Rate = 0.0
    """Share of records lacking a demanded field that are filled in only to pass the check."""

    @model_validator(mode="after")
    def _exist(self) -> Self:
        known = {holding.agency for holding in HOLDINGS.values()}
        wrong = [
            str(UnknownNameError.of("agency", agency, known))
            for agency in self.agencies
            if agency not in known
        ]
        if wrong:
            raise ValueError(" ".join(wrong))
        return self


class Misuse(Spec):
    """The rate at which people are looked up without need; all assumed."""

    rate: Amount = 0.001
    """Misuses a year of each record whose person can be read, while it is kept."""
    deterred: Rate = 0.5
    """Share by which the rate falls where every look is reviewed."""


class Governance(Spec):
    """The levers that the people interviewed asked for, each 0 to 1; all assumed."""

    framework_clarity: Rate = 0.3
    """Clarity of the rules of sharing."""
    high_level_buyin: Rate = 0.3
    """Support of sharing by the people at the top."""
    staff_guidance: Rate = 0.3
    """Training of staff in sharing."""
    minimum_dataset: bool = False
    """Whether each flow's `required` fields are demanded."""
    mds_action: Literal["off", "flag", "reject", "repair"] = "flag"
    """Action on a record that lacks a required field; "repair" asks the source again."""
    dpia: Dpia = Dpia()
    agreement_months: Amount = 6.0
    """Months to an agreement between two agencies without any trust in each other; assumed."""
    judged: PerformancePressure = PerformancePressure()
    misuse: Misuse = Misuse()


class Scandal(Spec):
    """A scandal, after which the public trusts less for a while."""

    at: Duration = "P1Y"
    """Time from the study's beginning to the scandal."""
    drop: Rate = 0.5
    """Fall in public trust at the scandal; assumed."""
    recovery: Duration = "P2Y"
    """Time until a third of the drop is left."""
    consultation: bool = False
    """Whether the public is consulted: trust then comes back twice as fast; assumed."""


class Trust(Spec):
    """Trust of the public in sharing, and of agencies in each other, 0 to 1; all assumed."""

    public: Rate = 0.6
    between: dict[str, Rate] = Field(default_factory=dict)
    """Trust between two kinds of agency, such as "ed-police", instead of `usual`."""
    usual: Rate = 0.5
    """Trust between two kinds of agency that `between` does not name."""
    scandal: Scandal | None = None

    def of(self, first: str, second: str) -> float:
        """Give the trust between two kinds of agency, in either order; 1 within a kind."""
        for name in (f"{first}-{second}", f"{second}-{first}"):
            if name in self.between:
                return self.between[name]
        return 1.0 if first == second else self.usual


def _usual_delta() -> dict[Identifiability, float]:
    return {
        "none": 0.0,
        "pseudonymous": 0.05,
        "identified-health": 0.2,
        "identified-police": 1.0,
    }


class Chill(Spec):
    """Deterrence of attendance at emergency departments by sharing; all assumed."""

    delta: dict[Identifiability, Amount] = Field(default_factory=_usual_delta)
    """Fall in the log odds of attending if everybody knew of the sharing and nobody trusted."""
    awareness: Rate = 0.2
    """Share of the public who know of it."""
    groups: Deterrence = Deterrence()
    """Multipliers; its `log_odds` is not used."""


class Expect(Spec):
    """Expectations of a strategy, for CI to check."""

    max_person_disclosures: Annotated[int, Field(ge=0)] | None = None
    """People whose identity some recipient can read."""
    forbid_fields: tuple[str, ...] = ()
    """Columns or linkage fields that no flow may carry; "name" is surname and forename."""


class Linkage(Spec):
    """The party that links shared records."""

    party: str = ""
    """An agency, such as "police:*", whose own records stay clear to it."""


class SharingStrategy(Spec):
    """The whole of a strategy file."""

    strategy: Header
    governance: Governance = Governance()
    trust: Trust = Trust()
    deterrence: Chill = Chill()
    linkage: Linkage = Linkage()
    expect: Expect = Expect()
    flow: tuple[Flow, ...] = ()

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [flow.id for flow in self.flow]
        twice = sorted({flow_id for flow_id in ids if ids.count(flow_id) > 1})
        if twice:
            raise ValueError(f"flows named alike: {', '.join(twice)}; give each its own `id`")
        return self

    @property
    def id(self) -> str:
        """The id of its header."""
        return self.strategy.id

    @property
    def title(self) -> str:
        """The title of its header."""
        return self.strategy.title

    @property
    def plain_name(self) -> str:
        """Its name in a few plain words."""
        return self.strategy.plain or self.title.partition(":")[0]
