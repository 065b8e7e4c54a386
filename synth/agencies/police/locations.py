"""Locations as officers record them: named premises, streets, a snapped point, a neighbourhood."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.core.sorted_lookup import places as rows_of
from darkfigure.synth.setting.coordinates import home_coordinates
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.places import places

_DECIMALS_OF_STREETS, _DECIMALS_OF_PREMISES = 3, 5  # about 100 metres, about one
_DWELLINGS = 400  # of a neighbourhood, among which an event has its home; assumed


def recorded_locations(
    simulated: SimulatedEvents,
    event: Ints,
    incident: Ints,
    victim: Ints,
    lsoa: Ints,
    spec: Police,
) -> dict[str, pa.Array]:
    """Record where occurrences happened, as far as officers know and take the trouble.

    Parameters
    ----------
    simulated
        The simulated events.
    event
        Ids of the occurrences, shape (n,).
    incident
        Incident that each is about, -1 for none, shape (n,).
    victim
        Census index of the victim, -1 for none, shape (n,).
    lsoa
        Neighbourhood where it happened, shape (n,).
    spec
        Record keeping of the forces.

    Returns
    -------
    Columns `location`, `lsoa_code`, `latitude` and `longitude`.
    """
    chance = simulated.chance.stage("police").stage("location")
    site, latitude, longitude = _points(simulated, event, incident, lsoa, chance)
    census = simulated.victims.census
    at_home = (victim >= 0) & chance.happens("at_home", event, spec.placed_at_home_rate)
    recorded = np.where(at_home, census.lsoa[np.maximum(victim, 0)], lsoa)
    missing = at_home | chance.happens("no_point", event, spec.point_missing_rate)
    return {
        "location": _texts(simulated, site, event, spec, chance),
        "lsoa_code": pa.array(wales().code[recorded], pa.string()),
        "latitude": _snapped(latitude, site, missing),
        "longitude": _snapped(longitude, site, missing),
    }


def _points(
    simulated: SimulatedEvents, event: Ints, incident: Ints, lsoa: Ints, chance: Stream
) -> tuple[Ints, Floats, Floats]:
    """Give site and coordinates: as simulated for violence, else a home of the neighbourhood."""
    latitude, longitude = home_coordinates(lsoa, chance.below("dwelling", event, _DWELLINGS))
    site, incidents = np.full(len(event), -1), simulated.incidents
    violent = np.flatnonzero(incident >= 0)
    row = rows_of(incident[violent], incidents["incident_id"].to_numpy())
    site[violent] = incidents["site"].to_numpy()[row]
    latitude[violent] = incidents["latitude"].to_numpy()[row]
    longitude[violent] = incidents["longitude"].to_numpy()[row]
    return site, latitude, longitude


def _texts(
    simulated: SimulatedEvents, site: Ints, event: Ints, spec: Police, chance: Stream
) -> pa.Array:
    """Name premises, or the street and town; homes are named by the people's addresses."""
    every = places(simulated.chance)
    noted = np.flatnonzero((site >= 0) & chance.happens("noted", event, spec.location_noted_rate))
    street, town = (column.cast(pa.string()) for column in every.streets(site[noted]))
    name = every.names(site[noted])
    text = pc.binary_join_element_wise(name, street, town, ", ", null_handling="skip")
    return with_gaps(text, noted, len(site))


def _snapped(degrees: Floats, site: Ints, missing: Mask) -> pa.Array:
    """Write degrees to the middle of the street, or exactly for premises."""
    exact = np.char.mod(f"%.{_DECIMALS_OF_PREMISES}f", degrees)
    street = np.char.mod(f"%.{_DECIMALS_OF_STREETS}f", degrees)
    return pa.array(np.where(site >= 0, exact, street), pa.string(), mask=missing)
