"""The siting of public places: how many of each kind there are, and in which neighbourhood."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.town_centres import nearest, town_centres

STREETS = 6  # ordinary streets of a neighbourhood that stand for all of its streets; assumed
# Of the licensed premises that are open after one at the weekend, a fifth are nightclubs and the
# others bars; what else is a pub or a bar is a pub. Assumed.
_NIGHTCLUB_SHARE = 0.2
_MOST = 1 << 14  # places of one kind in an authority


def drawn_sites(kind: int, chance: Stream) -> tuple[Ints, Ints]:
    """Draw the neighbourhoods of all places of a kind, in town centres or where people live.

    Parameters
    ----------
    kind
        Row of the table `place_kinds`.
    chance
        Stream of the places; draws are keyed by place.

    Returns
    -------
    Key of each place, which no other has, and the number of its LSOA.
    """
    count = _counts(kind)
    authority = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(authority)) - (np.cumsum(count) - count)[authority]
    key = (kind * len(count) + authority) * _MOST + turn
    edges = np.cumsum(_weights(kind))
    # The weights of each authority add up to 1.
    drawn = np.searchsorted(edges, authority + chance.uniform("lsoa", key), side="right")
    first = np.searchsorted(wales().authority, np.arange(len(count)), side="left")
    last = np.searchsorted(wales().authority, np.arange(len(count)), side="right") - 1
    return key, np.clip(drawn, first[authority], last[authority])


@cache
def landmarks() -> pa.Table:
    """List the landmarks: hospitals of Wales in the order of `schema.WELSH_SITES`, then others.

    References
    ----------
    hospital_sites.csv, landmarks.csv.
    """
    sites = load("hospital_sites")
    sites = sites.filter(pc.not_equal(sites["health_board"], "England"))
    kind = pa.array(["hospital"] * sites.num_rows)
    own = sites.append_column("kind", kind).rename_columns({"site": "name"})
    columns = ["kind", "name", "la_code", "latitude", "longitude", "size"]
    listed = load("landmarks").select(columns)
    return pa.concat_tables([own.select(columns).cast(listed.schema), listed])


def landmark_sites(kind: str) -> tuple[Ints, Ints]:
    """Give the rows in `landmarks()` of a kind, and the neighbourhood of each."""
    codes = wales().authorities["la_code"].to_pylist()
    rows, lsoa = [], []
    for row, landmark in enumerate(landmarks().to_pylist()):
        if landmark["kind"] == kind:
            authority = codes.index(landmark["la_code"])
            rows.append(row)
            lsoa.append(nearest(authority, landmark["latitude"], landmark["longitude"])[0])
    return np.array(rows), np.array(lsoa)


def street_sites() -> Ints:
    """Give the neighbourhoods of ordinary streets, as many in each."""
    return np.repeat(np.arange(len(wales().code)), STREETS)


def _counts(kind: int) -> Ints:
    """Count the places of a kind in each authority."""
    row = load("place_kinds").slice(kind, 1).to_pylist()[0]
    if row["counted"] != "people":
        return _counted()[row["counted"]]
    people = wales().authorities["population"].to_numpy()
    return np.asarray((row["per_1000"] * people / 1_000).round(), np.int64)


@cache
def _counted() -> dict[str, Ints]:
    """Count, per authority, the facilities that are counted rather than assumed."""
    table = load("facilities")
    counts = {
        name: table[name].to_numpy().astype(np.int64)
        for name in ("supermarkets", "shopping_streets", "leisure_centres")
    }
    late = table["open_late"].to_numpy()
    clubs = (late * _NIGHTCLUB_SHARE).round().astype(np.int64)
    bars = late - clubs
    pubs = table["pubs_and_bars"].to_numpy() - bars
    return counts | {
        "nightclubs": clubs,
        "bars": bars,
        "pubs": pubs,
        "night_streets": town_centres().night_streets,
    }


def _weights(kind: int) -> Floats:
    """Share out an authority's places: some to its centres, by their draw, the rest by people."""
    geography, draw = wales(), town_centres().draw
    row = load("place_kinds").slice(kind, 1).to_pylist()[0]
    share = np.full(len(geography.authorities), float(row["centre_share"]))
    if row["counted"] == "pubs":
        share = load("facilities")["pubs_centre_share"].to_numpy()
    people = geography.residents.astype(float)
    central, living = (
        part / np.bincount(geography.authority, part)[geography.authority]
        for part in (draw, people)
    )
    share = share[geography.authority]
    return np.asarray(share * central + (1 - share) * living)
