"""Contacts: agencies that learn of an incident and write it down; under-reporting is decided here.

Victims seek help (`help_seeking`), the police are told or not (`police`, with the targets of
`targets`), and each agency learns in its own way and time (`details`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import model_validator

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Positive, Rate, Spec
from darkfigure.synth.population import Census
from darkfigure.synth.reporting.details import Delays, delay, explain
from darkfigure.synth.reporting.help_seeking import (
    Deterrence,
    HelpSeeking,
    Marks,
    choose_department,
    seek_help,
)
from darkfigure.synth.reporting.police import NEVER, Goals, OddsRatios, Recording, tell_police
from darkfigure.synth.reporting.targets import Target
from darkfigure.synth.schema import POLICE_STATUS, coded
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.geography import wales

# Share of incidents, threats included; assumed, so that recorded violence with injury is near the
# published rates of the forces.
_RECORDED_WITHOUT_ED = 0.25


class Contacts(Spec):
    """Under-reporting: targets, and factors that make reporting more or less likely."""

    unknown_share: Rate = 0.75
    """Share of emergency-department assault attendances without a police record. Source: commonly
    quoted; person-linked South Wales data gave 0.59 (Gray 2017). At 0.75 published figures
    contradict each other: recorded violence with injury is reached only where acts without an
    attendance are reported more often than victims tell the Crime Survey (without injury 0.47
    against 0.37). The target is exact; the survey's shares by injury give way."""
    targets: tuple[Target, ...] = ()
    """Shares for groups of attendances, met jointly."""
    exact: bool = True
    """To the nearest record; false leaves binomial scatter."""
    recorded_without_ed: Rate | None = _RECORDED_WITHOUT_ED
    """Share of incidents without an attendance that the police record; or give `dependence`."""
    dependence: Positive | None = None
    """Odds ratio of attendance and police record beyond covariates, in place of the share."""
    odds_ratios: OddsRatios = OddsRatios()
    recording: Recording = Recording()
    help_seeking: HelpSeeking = HelpSeeking()
    deterrence: Deterrence = Deterrence()
    delays: Delays = Delays()

    @model_validator(mode="before")
    @classmethod
    def _dependence_replaces_the_default(cls, data: Any) -> Any:  # noqa: ANN401, plain data
        if isinstance(data, dict) and data.get("dependence") is not None:
            return {"recorded_without_ed": None, **data}
        return data

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Contacts:
        if (self.recorded_without_ed is None) == (self.dependence is None):
            raise ValueError(
                "give either recorded_without_ed, the police's share of incidents without an "
                "attendance, or dependence, an odds ratio from which it follows; not both"
            )
        return self

    @property
    def goals(self) -> Goals:
        """Shares of incidents that the police are to know of."""
        return Goals(
            unknown_share=self.unknown_share,
            targets=self.targets,
            recorded_without_ed=self.recorded_without_ed,
            dependence=self.dependence,
            exact=self.exact,
            recording=self.recording,
        )


def follow(
    incidents: pa.Table,
    census: Census,
    spec: Contacts,
    chance: Stream,
    *,
    police: bool,
    world: Stream,
) -> pa.Table:
    """Follow incidents to every agency that learns of them, with delays.

    Parameters
    ----------
    incidents
        One row per incident, as of `violence.acts.ViolentEvents`.
    census
        Census of the scenario.
    spec
        Under-reporting.
    chance
        Stream of this stage; draws are keyed by incident.
    police
        False in a world whose police keep no records: then nothing is reported.
    world
        The world's stream, by which people choose departments.

    Returns
    -------
    The incidents with the columns that `choose_department`, `explain` and `delay` give, and
    `police_status`.

    Raises
    ------
    TargetError
        The scenario asks for shares that cannot be met.
    """
    marks = Marks.of(incidents, census, wales())
    help_sought = seek_help(marks, spec.help_seeking, spec.deterrence, chance)
    incidents = _with(incidents, choose_department(incidents, census, help_sought, world))
    status = np.full(incidents.num_rows, NEVER)
    if police:
        status = tell_police(incidents, marks, spec.odds_ratios, spec.goals, chance)
    columns = {"police_status": coded(status, POLICE_STATUS), **explain(marks, status, chance)}
    occurred = incidents["occurred_s"].to_numpy()
    when = delay(marks, occurred, columns["how_reported"], spec.delays, chance)
    # Who is killed comes to the department on the day of death at the latest.
    last_s = census.gone_day[incidents["victim"].to_numpy()] * DAY_S - 1
    when["ed_s"] = np.where(marks.killed, np.minimum(when["ed_s"], last_s), when["ed_s"])
    return _with(_with(incidents, columns), when)


def _with(incidents: pa.Table, columns: dict[str, Any]) -> pa.Table:
    for name, values in columns.items():
        column = pa.array(values) if isinstance(values, np.ndarray) else values
        incidents = incidents.append_column(name, column)
    return incidents
