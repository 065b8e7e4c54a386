"""What every agency is asked: prepare what needs everybody at once, then write by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.records import RecordingContext, Tables
from darkfigure.synth.agencies.framework.service_demand import Needs
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.entry import SystemProfile
from darkfigure.synth.population.kin import Kin
from darkfigure.synth.setting.calendar import Period
from darkfigure.synth.setting.geography import Geography
from darkfigure.synth.violence.acts import Victims


@dataclass(frozen=True)
class SimulatedEvents:
    """What happened in a world, before anybody writes it down.

    Parameters
    ----------
    geography
        Of Wales.
    period
        Of the study.
    victims
        The people of the sample, and the census they belong to.
    incidents
        All acts of violence, with who learns of each and when (`contacts.follow`).
    witnesses
        Children who saw or heard an incident at home (`witnesses.child_witnesses`).
    kin
        Ties that cross households (`kin`).
    needs
        What brings people to services besides violence (`needs`).
    chance
        The world's stream; an agency draws from a stage of its own name.
    prepared
        What the agencies before have prepared, by name: some act on what others hold.
    profiles
        How each agency's data entry goes wrong (`Scenario.profiles`), for `write_whole` alone.
    """

    geography: Geography
    period: Period
    victims: Victims
    incidents: pa.Table
    witnesses: pa.Table
    kin: Kin
    needs: Needs
    chance: Stream
    prepared: dict[str, Any] = field(default_factory=dict)
    profiles: Mapping[str, SystemProfile] = field(default_factory=dict)


@dataclass(frozen=True)
class SampleBlock:
    """A block of the sample: its people, and the incidents they suffered.

    `incidents` has `row`, the victim's row among the people.
    """

    context: RecordingContext
    incidents: pa.Table


class Agency:
    """An agency of the simulation; what it prepares comes back to it as `prepared`.

    By default it needs nothing beforehand, names nobody but the people of the sample, and writes
    nothing but what it holds of them.
    """

    def prepare(self, simulated: SimulatedEvents, spec: Any) -> Any:  # noqa: ARG002, its own
        """Decide what needs all people at once, such as serial numbers."""
        return None

    def named(self, prepared: Any) -> Ints:  # noqa: ARG002
        """Give the people whom it names, as census indices; they may live outside the sample."""
        return np.empty(0, np.int64)

    def write_block(self, block: SampleBlock, prepared: Any, spec: Any, out: Tables) -> None:
        """Write what it holds of a block of the sample."""
        raise NotImplementedError

    def write_outsiders(
        self,
        context: RecordingContext,
        prepared: Any,
        spec: Any,
        out: Tables,
    ) -> None:
        """Write what it holds of a block of people outside the sample whom it names."""

    def write_whole(self, simulated: SimulatedEvents, prepared: Any, out: Tables) -> None:
        """Write what is not about the people of any one block."""
