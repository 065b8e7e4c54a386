"""The amount of violence, as a scenario says it."""

from __future__ import annotations

from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.violence.severity import Severity


class Scale(Spec):
    """Factors on the rates at which episodes of each kind of violence begin."""

    stranger: Amount = 1.0
    acquaintance: Amount = 1.0
    partner: Amount = 1.0
    family: Amount = 1.0
    child: Amount = 1.0
    night: Amount = 1.0
    robbery: Amount = 1.0
    work: Amount = 1.0
    school: Amount = 1.0
    harassment: Amount = 1.0


class Violence(Spec):
    """The amount of violence; the tables `violence_*` give rates and mixes, all assumed."""

    scale: Scale = Scale()
    deprivation: tuple[Amount, Amount, Amount, Amount, Amount] = (1.5, 1.15, 0.95, 0.8, 0.65)
    """Factor by fifth of deprivation, the most deprived first; shaped after the CSEW's gradient."""
    rural: Amount = 0.96
    """Factor in rural places, so that admissions of towns and villages differ as published."""
    domestic_rural: Amount = 0.75
    """Factor in rural places on abuse by partners and kin (ONS 2019: urban 6.0 %, rural 4.2 %)."""
    domestic_deprivation: Amount = 0.5
    """Power of the gradient by deprivation where abuse by partners and kin is concerned."""
    lone_parent: Amount = 1.0
    """Factor on abuse of lone parents by partners."""
    frailty_sd: Amount = 1.4
    """Standard deviation of the log of the rate, as proneness moves it; assumed."""
    domestic_frailty_sd: Amount = 1.0
    """The same of abuse by partners and kin, which goes on in series; assumed."""
    job_sd: Amount = 2.0
    """The same of how far the job exposes people to violence at work, besides: police, nurses,
    carers and doormen meet with it again and again, most others never; assumed."""
    offending_sd: Amount = 1.2
    """Standard deviation of the log of a person's readiness to offend; assumed."""
    offending_by_proneness: Rate = 0.5
    """Correlation of that readiness with the proneness to suffer violence; assumed, so that victims
    offend with about three times the odds of others, those who hit back left out."""
    visitors: Amount = 2.0
    """Factor on visitors' rates of being harmed in public, and of harming, against people of Wales
    of their age and sex; assumed: they come seldom, and go out when they do."""
    severity: Severity = Severity()
