"""What every agency is asked: prepare what needs everybody at once, then write by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth.agencies.records import Office, Tables
from synth.calendar import Period
from synth.chance import Stream
from synth.geography import Geography
from synth.violence import Victims

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Happenings:
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
    chance
        The world's stream; an agency draws from a stage of its own name.
    """

    geography: Geography
    period: Period
    victims: Victims
    incidents: pa.Table
    chance: Stream


@dataclass(frozen=True)
class Sampled:
    """A block of the sample: its people, and the incidents they suffered.

    `incidents` has `row`, the victim's row among the people.
    """

    office: Office
    incidents: pa.Table


class Agency:
    """An agency of the simulation; what it prepares comes back to it as `prepared`.

    By default it needs nothing beforehand, names nobody but the people of the sample, and writes
    nothing but what it holds of them.
    """

    def prepare(self, happened: Happenings, spec: Any) -> Any:  # noqa: ANN401, ARG002, its own
        """Decide what needs all people at once, such as serial numbers."""
        return None

    def named(self, prepared: Any) -> Ints:  # noqa: ANN401, ARG002
        """Give the people whom it names, as census indices; they may live outside the sample."""
        return np.empty(0, np.int64)

    def write_block(self, block: Sampled, prepared: Any, spec: Any, out: Tables) -> None:  # noqa: ANN401
        """Write what it holds of a block of the sample."""
        raise NotImplementedError

    def write_outsiders(self, office: Office, prepared: Any, spec: Any, out: Tables) -> None:  # noqa: ANN401
        """Write what it holds of a block of people outside the sample whom it names."""

    def write_whole(self, happened: Happenings, prepared: Any, out: Tables) -> None:  # noqa: ANN401
        """Write what is not about the people of any one block."""
