"""Hospital sites as agencies see them: whence patients come, what boards and systems sites have."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.reference import load
from darkfigure.synth.schema import HEALTH_BOARDS
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.hospitals import hospitals


def whence(context: RecordingContext, incidents: pa.Table, row: Ints, day: Ints) -> Ints:
    """Give the neighbourhood from which each patient comes.

    Of assaults that is decided with the attendance (`reporting.help_seeking`); everything else is
    treated near the home of that day.

    Parameters
    ----------
    context
        Recording context of the block.
    incidents
        Assaults of the first patients, with a column `ed_lsoa`.
    row
        Row of each patient, shape (n,).
    day
        Days since 1970-01-01, shape (n,).

    Returns
    -------
    Shape (n,).
    """
    home = context.people.lsoa_on(row, day)
    return np.append(incidents["ed_lsoa"].to_numpy(), home[incidents.num_rows :])


def in_wales(site: Ints) -> Mask:
    """Tell which sites are in Wales, and so in its data."""
    return np.asarray(hospitals().welsh[site])


def minor_units(site: Ints) -> Mask:
    """Tell which sites are minor injury units, to which no ambulance goes."""
    return np.asarray(hospitals().minor[site])


def older_system(site: Ints) -> Mask:
    """Tell which sites enter attendances in the older of the two systems."""
    systems = np.array(load("hospital_sites")["system"].to_pylist())
    return np.asarray(systems[site] == "older")


def health_boards(site: Ints) -> Ints:
    """Give each site's health board, as index into schema.HEALTH_BOARDS; -1 in England."""
    return _numbers(load("hospital_sites")["health_board"].to_pylist())[site]


def home_boards(lsoa: Ints) -> Ints:
    """Give each neighbourhood's health board, as index into schema.HEALTH_BOARDS."""
    boards = wales().authorities["health_board"].to_pylist()
    return _numbers(boards)[wales().authority[lsoa]]


def _numbers(boards: list[str]) -> Ints:
    names = list(HEALTH_BOARDS.values())
    return np.array([names.index(name) if name in names else -1 for name in boards])
