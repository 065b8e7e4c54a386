"""Hospital sites: their patients, health boards and systems."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import HEALTH_BOARDS, SITES
from darkfigure.synth.setting.geography import wales

_BRONGLAIS = list(SITES).index("7A2AL")


def sites_attended(lsoa: Ints, ids: Ints, elsewhere_rate: float | Floats, chance: Stream) -> Ints:
    """Draw the site of each attendance: the nearest major one, or another of the health board.

    Parameters
    ----------
    lsoa
        Number of the neighbourhood that each patient comes from, shape (n,).
    ids
        Keys of the draws, shape (n,).
    elsewhere_rate
        Share of attendances at another site than the nearest, one for all or shape (n,).
    chance
        The world's stream, so that every agency draws the same site for an attendance.

    Returns
    -------
    Index into `schema.SITES`, shape (n,).
    """
    chance = chance.stage("needs")
    nearest, others = _sites()
    goes = chance.happens("elsewhere", ids, elsewhere_rate)
    choice = chance.below("other_site", ids, others.shape[1])
    return np.where(goes, others[lsoa, choice], nearest[lsoa])


def whence(home: Ints, incidents: pa.Table) -> Ints:
    """Give the neighbourhood from which each patient comes: of an assault, where it happened.

    Parameters
    ----------
    home
        Neighbourhood of each patient's home, those of the incidents first, shape (n,).
    incidents
        Incidents, with a column `lsoa`.
    """
    return np.append(incidents["lsoa"].to_numpy(), home[incidents.num_rows :])


@cache
def _sites() -> tuple[Ints, Ints]:
    """Give each LSOA's department, a major one of its authority or board, and twelve others."""
    geography, table = wales(), load("emergency_departments").to_pylist()
    major = [number for number, site in enumerate(table) if site["type"] == "major"]
    nearest, others = [], []
    for row in geography.authorities.to_pylist():
        near = [site for site in major if table[site]["la_code"] == row["la_code"]]
        board = [
            number
            for number, site in enumerate(table)
            if site["health_board"] == row["health_board"]
        ]
        # Powys has no major department of its own; people there use Bronglais, among others.
        own = near or [site for site in board if site in major]
        first = own[0] if own else _BRONGLAIS
        rest = [site for site in board if site != first] or [first]
        nearest.append(first)
        others.append(np.resize(rest, 12))
    return np.array(nearest)[geography.authority], np.array(others)[geography.authority]


def older_system(site: Ints) -> Mask:
    """Tell which sites enter attendances in the older of the two systems."""
    systems = np.array(load("emergency_departments")["system"].to_pylist())
    return np.asarray(systems[site] == "older")


def health_boards(site: Ints) -> Ints:
    """Give each site's health board, as index into schema.HEALTH_BOARDS."""
    names = list(HEALTH_BOARDS.values())
    boards = load("emergency_departments")["health_board"].to_pylist()
    return np.array([names.index(name) for name in boards])[site]
