"""A sharing strategy: what may go from whom to whom, under which rules, in what climate."""

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
    """What a strategy is called, and on what footing it stands."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    version: str = "1"
    title: str
    description: str = ""
    instrument: Literal["none", "ISP", "WASPI-DDA", "DDA", "JCA", "DPA", "statute"] = "none"
    controller_default: Literal["share", "withhold"] = "withhold"
    """What a controller does who is in doubt."""
    purpose: tuple[str, ...] = ()
    weakness: str = ""
    """What is known to go wrong with it."""


class Dpia(Spec):
    """The data protection impact assessment, without which no flow begins."""

    done: bool = False
    months: Amount = 4.0
    """What it takes if it is not done; assumed."""


class PerformancePressure(Spec):
    """What agencies do that are judged by the figures published of them; all assumed.

    The rates sweep a fear that interviews and inspections describe; nobody has measured them.
    """

    agencies: tuple[str, ...] = ()
    """Kinds of agency, such as "police"."""
    since: Duration = "P1Y"
    """After the study begins: when figures are first published."""
    downgraded: Rate = 0.0
    """Share of records written down as something that is not asked for."""
    filled: Rate = 0.0
    """Share of records lacking a demanded field that get whatever passes the check."""

    @model_validator(mode="after")
    def _exist(self) -> Self:
        known = {holding.agency for holding in HOLDINGS.values()}
        wrong = [
            str(UnknownNameError.of("agency", one, known))
            for one in self.agencies
            if one not in known
        ]
        if wrong:
            raise ValueError(" ".join(wrong))
        return self


class Misuse(Spec):
    """How often somebody looks up whom they have no business with; all assumed."""

    rate: Amount = 0.001
    """Of each record whose person can be read, a year that it is kept."""
    deterred: Rate = 0.5
    """By how much the rate falls where every look is reviewed."""


class Governance(Spec):
    """The levers that the people interviewed asked for, each 0 to 1; all assumed."""

    framework_clarity: Rate = 0.3
    """How plain it is what may be shared."""
    high_level_buyin: Rate = 0.3
    """How far those at the top stand behind sharing."""
    staff_guidance: Rate = 0.3
    """How far staff are trained in it."""
    minimum_dataset: bool = False
    """Whether each flow's `required` fields are demanded."""
    mds_action: Literal["off", "flag", "reject", "repair"] = "flag"
    """What becomes of a record that lacks one; "repair" asks the source again."""
    dpia: Dpia = Dpia()
    agreement_months: Amount = 6.0
    """What an agreement takes between two who do not trust each other at all; assumed."""
    judged: PerformancePressure = PerformancePressure()
    misuse: Misuse = Misuse()


class Scandal(Spec):
    """Something comes out, and people trust less for a while."""

    at: Duration = "P1Y"
    """After the study begins."""
    drop: Rate = 0.5
    recovery: Duration = "P2Y"
    """Until a third of the drop is left."""
    consultation: bool = False
    """Whether the public is asked: trust then comes back twice as fast; assumed."""


class Trust(Spec):
    """How far the public, and agencies among each other, trust; all assumed."""

    public: Rate = 0.6
    between: dict[str, Rate] = Field(default_factory=dict)
    """Of two kinds of agency, such as "ed-police", instead of `usual`."""
    usual: Rate = 0.5
    scandal: Scandal | None = None

    def of(self, one: str, other: str) -> float:
        """Give the trust between two kinds of agency, whichever is named first."""
        for name in (f"{one}-{other}", f"{other}-{one}"):
            if name in self.between:
                return self.between[name]
        return 1.0 if one == other else self.usual


def _usual_delta() -> dict[Identifiability, float]:
    return {
        "none": 0.0,
        "pseudonymous": 0.05,
        "identified-health": 0.2,
        "identified-police": 1.0,
    }


class Chill(Spec):
    """How far sharing keeps people away from emergency departments; all assumed."""

    delta: dict[Identifiability, Amount] = Field(default_factory=_usual_delta)
    """By how much the log odds of coming fall, were everybody aware and nobody trusting."""
    awareness: Rate = 0.2
    """Share of the public who know of it."""
    groups: Deterrence = Deterrence()
    """Multipliers; its `log_odds` is not used."""


class Expect(Spec):
    """What must hold, for CI to check."""

    max_person_disclosures: Annotated[int, Field(ge=0)] | None = None
    """People whose identity some recipient can read."""
    forbid_fields: tuple[str, ...] = ()
    """Columns or linkage fields that no flow may carry; "name" is surname and forename."""


class Linkage(Spec):
    """Who links what was shared."""

    party: str = ""
    """An agency, such as "police:*", whose own records stay clear to it."""


class SharingStrategy(Spec):
    """All that a strategy file says."""

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
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"flows named alike: {', '.join(twice)}; give each its own `id`")
        return self

    @property
    def id(self) -> str:
        """Its id."""
        return self.strategy.id

    @property
    def title(self) -> str:
        """Its title."""
        return self.strategy.title
