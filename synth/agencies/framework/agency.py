"""The interface of an agency: prepare for everybody at once, then write block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.records import RecordingContext, Tables
from darkfigure.synth.agencies.framework.service_demand import Needs
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.entry import SystemProfile
from darkfigure.synth.population.kin import Kin
from darkfigure.synth.schema import Table, codes_of
from darkfigure.synth.setting.calendar import Period
from darkfigure.synth.setting.geography import Geography
from darkfigure.synth.violence.acts import Victims

WrittenRows = Callable[[Table, Sequence[str]], pa.Table]


def nothing_written(shape: Table, columns: Sequence[str]) -> pa.Table:
    """Give no rows: no block has written any."""
    return shape.empty().select(list(columns))


@dataclass(frozen=True)
class SimulatedEvents:
    """Events of a world, before anybody writes them down.

    Parameters
    ----------
    geography
        Geography of Wales.
    period
        Period of the study.
    victims
        The people of the sample, and the census they belong to.
    incidents
        All acts of violence, with each agency that learns of them and when
        (`reporting.contacts.follow`).
    roles
        Offenders and bystanders of these acts (`violence.acts.ViolentEvents`).
    witnesses
        Children who saw or heard an incident at home (`violence.witnesses.child_witnesses`).
    kin
        Ties that cross households (`population.kin`).
    needs
        Demand for services besides violence (`service_demand`).
    chance
        The world's stream; an agency draws from a stage of its own name.
    prepared
        Preparations of the agencies before, by name: some act on the records of others.
    profiles
        Profiles of each agency's data entry (`Scenario.profiles`), for `write_whole` alone.
    written
        Gives the rows that the blocks wrote of a table, some of its columns, for `write_whole`
        alone: what an agency knows of people is what it wrote down.
    """

    geography: Geography
    period: Period
    victims: Victims
    incidents: pa.Table
    roles: pa.Table
    witnesses: pa.Table
    kin: Kin
    needs: Needs
    chance: Stream
    prepared: dict[str, Any] = field(default_factory=dict)
    profiles: Mapping[str, SystemProfile] = field(default_factory=dict)
    written: WrittenRows = nothing_written

    def incidents_of(self, person: Ints) -> pa.Table:
        """Take the incidents of some victims, with the victims' rows among these people.

        Parameters
        ----------
        person
            Census indices of all victims between the first and the last of them, ascending.

        Returns
        -------
        The incidents in order of id, with a column `row`.
        """
        order, victim = self._by_victim
        low, high = np.searchsorted(victim, [person[0], person[-1] + 1])
        mine = self.incidents.take(pa.array(np.sort(order[low:high])))
        row = np.searchsorted(person, mine["victim"].to_numpy())
        return mine.append_column("row", pa.array(row))

    @cached_property
    def _by_victim(self) -> tuple[Ints, Ints]:
        """Rows of the incidents in order of victim, and the victims in that order."""
        victim = self.incidents["victim"].to_numpy()
        order = order_of(victim)
        return order, victim[order]


def killed_in(incidents: pa.Table) -> Mask:
    """Mark the incidents that killed their victim, of a table with `severity`."""
    return np.asarray(codes_of(incidents["severity"], ("fatal",)) >= 0)


@dataclass(frozen=True)
class SampleBlock:
    """A block of the sample: its people, and the incidents they suffered.

    `incidents` has `row`, the victim's row among the people. `worked_out` keeps, by name, what one
    agency worked out of the block and others need as well.
    """

    context: RecordingContext
    incidents: pa.Table
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False)


class Agency:
    """An agency of the simulation; `prepare` returns data that come back to it as `prepared`.

    By default an agency prepares nothing, names nobody but the people of the sample, and writes
    only its records of them. In the methods below, `prepared` is the result of `prepare`, `spec`
    the agency's own specification in the scenario, and `out` receives pieces of tables by path.
    """

    def prepare(self, simulated: SimulatedEvents, spec: Any) -> Any:  # noqa: ARG002, its own
        """Decide matters that need all people at once, such as serial numbers.

        Parameters
        ----------
        simulated
            The simulated events.
        spec
            The agency's specification.
        """
        return None

    def named(self, prepared: Any) -> Ints:  # noqa: ARG002
        """Give the people whom the agency names, in the sample or not, as census indices."""
        return np.empty(0, np.int64)

    def write_block(self, block: SampleBlock, prepared: Any, spec: Any, out: Tables) -> None:
        """Write the agency's records of a block of the sample.

        Parameters
        ----------
        block
            People of the block, and their incidents.
        prepared, spec, out
            See the class.
        """
        raise NotImplementedError

    def write_outsiders(
        self,
        context: RecordingContext,
        prepared: Any,
        spec: Any,
        out: Tables,
    ) -> None:
        """Write the agency's records of a block of people outside the sample whom it names.

        Parameters
        ----------
        context
            Recording context of the block.
        prepared, spec, out
            See the class.
        """

    def write_whole(self, simulated: SimulatedEvents, prepared: Any, out: Tables) -> None:
        """Write the tables that are not about the people of any one block.

        Parameters
        ----------
        simulated
            The simulated events.
        prepared, out
            See the class.
        """
