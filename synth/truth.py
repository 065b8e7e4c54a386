"""The tables of `truth/`: the world as it is, which no linker and no strategy may see."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth import schema
from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables, add, days, times
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.lives.fates import NEVER
from darkfigure.synth.lives.histories import History
from darkfigure.synth.lives.life_courses import LifeCourses
from darkfigure.synth.population import Census
from darkfigure.synth.population.age_targets import ADULT
from darkfigure.synth.population.institutions import PRIVATE
from darkfigure.synth.schema import ETHNIC_GROUP, SITE_KIND, coded
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.setting.coordinates import coordinates
from darkfigure.synth.setting.geography import Geography, outcode_of
from darkfigure.synth.setting.places import places


def write_people(
    context: RecordingContext, chosen: Mask, geography: Geography, out: Tables, *, sampled: bool
) -> None:
    """Write the chosen people of a block, and their names and addresses over time.

    Parameters
    ----------
    context
        Recording context of the block.
    chosen
        People to write, shape (people of the block,).
    geography
        Geography of Wales.
    out
        Receives the tables.
    sampled
        Whether the block is of the sample; false for outsiders.
    """
    people = context.people
    rows = np.flatnonzero(chosen)
    lsoa, abroad = people.lsoa[rows], people.visits[rows]
    names = geography.authorities["name"].to_pylist()
    first = people.identifiers.at(rows, people.birth_day[rows])
    table = pa.table(
        {
            "person_id": people.person_id[rows],
            "household_id": people.household_id[rows],
            "sampled": np.full(len(rows), sampled),
            "sex": coded(people.sex[rows], schema.SEX),
            "birth_date": days(people.birth_day[rows]),
            "ethnic_group": coded(people.ethnic[rows], ETHNIC_GROUP),
            "ethnic_background": coded(people.background[rows], schema.ETHNIC_BACKGROUND),
            "welsh_name": people.welsh_name[rows],
            "lsoa_code": pa.array(geography.code[lsoa], pa.string(), mask=abroad),
            "local_authority": coded(np.where(abroad, -1, geography.authority[lsoa]), names),
            "deprivation_quintile": pa.array(geography.quintile[lsoa], mask=abroad),
            "nhs_number": context.nhs_number.take(pa.array(first)),
            "home": coded(people.home_kind[rows], schema.HOME),
            "language": coded(people.spoken.preferred[rows], schema.LANGUAGE),
            "interpreter_needed": people.spoken.interpreter[rows],
            "death_date": days(people.death_day[rows], missing=people.death_day[rows] >= NEVER),
        }
    )
    add(out, schema.PERSONS, table)
    nobody = np.zeros(len(chosen), bool)
    add(out, schema.NAMES, _versions(people.person_id, people.names, chosen))
    add(out, schema.IDENTIFIERS, _identifiers(context, chosen))
    add(out, schema.TELEPHONES, _versions(people.person_id, people.telephones, chosen))
    # The second homes of children stand behind all people.
    for shape, included in (
        (schema.ADDRESSES, np.append(chosen, nobody)),
        (schema.SECOND_ADDRESSES, np.append(nobody, chosen)),
    ):
        add(out, shape, _versions(people.person_id, people.addresses, included))


def _identifiers(context: RecordingContext, chosen: Mask) -> pa.Table:
    """List the versions of everybody chosen who has several."""
    people, history = context.people, context.people.identifiers
    several = np.bincount(history.person, minlength=len(chosen)) > 1
    rows = np.flatnonzero((chosen & several)[history.person])
    return pa.table(
        {
            "person_id": people.person_id[history.person[rows]],
            "valid_from": days(history.day[rows]),
            "sex": coded(history.value("sex", rows).to_numpy(), schema.SEX),
            "nhs_number": context.nhs_number.take(pa.array(rows)),
            "cause": history.value("cause", rows),
        }
    )


def _versions(person_id: Ints, history: History, chosen: Mask) -> pa.Table:
    rows = np.flatnonzero(chosen[history.person])
    return pa.table(
        {
            "person_id": person_id[history.person[rows] % len(person_id)],
            "valid_from": days(history.day[rows]),
            **{name: column.take(pa.array(rows)) for name, column in history.columns.items()},
        }
    )


def write_neighbourhoods(simulated: SimulatedEvents, out: Tables) -> None:
    """Write the neighbourhoods of a scenario and of its violence, with coordinates for a map.

    Parameters
    ----------
    simulated
        The simulated events.
    out
        Receives the table.
    """
    geography = simulated.geography
    own = simulated.victims.census.household_lsoa
    here = simulated.incidents.filter(pc.invert(simulated.incidents["abroad"]))
    lsoa = np.unique(np.append(own, here["lsoa"].to_numpy()))
    latitude, longitude = coordinates()
    names = geography.authorities["name"].to_pylist()
    table = {
        "lsoa_code": pa.array(geography.code[lsoa], pa.string()),
        "inside": pa.array(np.isin(lsoa, own)),
        "local_authority": coded(geography.authority[lsoa], names),
        "force": coded(geography.force[lsoa], schema.FORCES),
        "deprivation_quintile": geography.quintile[lsoa],
        "rural": pa.array(geography.rural[lsoa]),
        "outcode": pa.array(outcode_of(lsoa), pa.string()),
        "residents": geography.residents[lsoa],
        "households": geography.households[lsoa],
        "latitude": pa.array([f"{degrees:.4f}" for degrees in latitude[lsoa]]),
        "longitude": pa.array([f"{degrees:.4f}" for degrees in longitude[lsoa]]),
    }
    add(out, schema.NEIGHBOURHOODS, pa.table(table))


def write_population(census: Census, geography: Geography, out: Tables) -> None:
    """Count everybody of a scenario's areas, in the sample or not, on the day the study begins.

    Parameters
    ----------
    census
        Everybody of the scenario's areas.
    geography
        Geography of Wales.
    out
        Receives the tables.
    """
    names = geography.authorities["name"].to_pylist()
    authority, age = geography.authority[census.lsoa], census.age_years.astype(np.int64)
    kinds = (authority, census.home, census.sex, age, census.ethnic, census.background)
    there = census.resident
    counted = _counted(tuple(kind[there] for kind in kinds))
    (place, home, sex, years, ethnic, background), persons = counted
    table = {
        "local_authority": coded(place, names),
        "home": coded(home, schema.HOME),
        "sex": coded(sex, schema.SEX),
        "age_years": years,
        "ethnic_group": coded(ethnic, ETHNIC_GROUP),
        "ethnic_background": coded(background, schema.ETHNIC_BACKGROUND),
        "persons": persons,
    }
    add(out, schema.POPULATION, pa.table(table))
    private = (census.household_home == PRIVATE) & census.household_resident
    children = np.bincount(census.household[age < ADULT], minlength=len(private))
    where = geography.authority[census.household_lsoa]
    sizes = (where, census.household_size - children, children)
    (place, adults, children), households = _counted(tuple(size[private] for size in sizes))
    table = {
        "local_authority": coded(place, names),
        "adults": adults,
        "children": children,
        "households": households,
    }
    add(out, schema.HOUSEHOLDS, pa.table(table))


def write_vital_events(life_courses: LifeCourses, geography: Geography, out: Tables) -> None:
    """Count the vital events of everybody of a scenario's areas, in the sample or not.

    Parameters
    ----------
    life_courses
        Life courses of everybody.
    geography
        Geography of Wales.
    out
        Receives the table.
    """
    census, ends, births = life_courses.census, life_courses.ends, life_courses.births
    leaves = (ends.departure_day < NEVER) & (ends.departure_day <= ends.death_day)
    first = ~births.twin
    several = first & np.append(births.twin[1:], False)
    simulated = {
        "birth": births.mother,
        "maternity": births.mother[first],
        "multiple_maternity": births.mother[several],
        "death": np.flatnonzero((ends.death_day < NEVER) & ~leaves),
        "departure": np.flatnonzero(leaves),
        "arrival": np.flatnonzero(~census.resident & ~census.visits),
        "arrival_before": _came_before(life_courses),
        "separation": census.household_first[life_courses.plan.separated < NEVER],
    }
    persons = np.concatenate(list(simulated.values()))
    event = np.repeat(np.arange(len(simulated)), [len(rows) for rows in simulated.values()])
    (place, event), number = _counted((geography.authority[census.lsoa[persons]], event))
    table = {
        "local_authority": coded(place, geography.authorities["name"].to_pylist()),
        "event": coded(event, list(simulated)),
        "number": number,
    }
    add(out, schema.VITAL_EVENTS, pa.table(table))


def _came_before(life_courses: LifeCourses) -> Ints:
    """Find people who came from abroad with their household in the year before the study."""
    census, stays, start = life_courses.census, life_courses.plan.households, life_courses.window[1]
    abroad = stays.cause == tuple(schema.ADDRESS_CAUSE).index("arrival")
    day = np.full(len(census.household_size), NEVER)
    day[stays.owner[abroad]] = stays.day[abroad]
    own = day[census.household]
    came = (own > start - DAYS_A_YEAR) & (own <= start) & (census.age_years >= 1)
    return np.flatnonzero(came & (life_courses.plan.joined_day <= own))


def _counted(kinds: tuple[Ints, ...]) -> tuple[Ints, Ints]:
    """Count equal combinations of traits: the combinations, one row a trait, and their numbers."""
    widths = [int(kind.max(initial=0)) + 1 for kind in kinds]
    cell, counts = np.unique(np.ravel_multi_index(kinds, widths), return_counts=True)
    return np.array(np.unravel_index(cell, widths)), counts


def write_incidents(simulated: SimulatedEvents, out: Tables) -> None:
    """Write every incident, the other people of its event, and the children who witnessed it.

    Parameters
    ----------
    simulated
        The simulated events.
    out
        Receives the tables.
    """
    incidents, geography = simulated.incidents, simulated.geography
    census = simulated.victims.census
    person_id, lsoa = census.person_id, incidents["lsoa"].to_numpy()
    table = (
        incidents.append_column("victim_id", pa.array(person_id[incidents["victim"].to_numpy()]))
        .append_column("offender_id", pa.array(person_id[incidents["offender"].to_numpy()]))
        .append_column("occurred_at", times(incidents["occurred_s"].to_numpy()))
        .append_column(
            "lsoa_code", pa.array(geography.code[lsoa], pa.string(), mask=_abroad(incidents))
        )
    )
    add(out, schema.INCIDENTS, table)
    add(out, schema.EVENTS, _events(simulated))
    role = simulated.roles
    person = pa.array(person_id[role["person"].to_numpy()])
    add(out, schema.EVENT_ROLES, role.append_column("person_id", person))
    seen = simulated.witnesses
    witness = pa.array(person_id[seen["witness"].to_numpy()])
    add(out, schema.INCIDENT_WITNESSES, seen.append_column("person_id", witness))


def _events(simulated: SimulatedEvents) -> pa.Table:
    """List the events of the incidents, in order of id, with the places where they happened."""
    ids, first = np.unique(simulated.incidents["event_id"].to_numpy(), return_index=True)
    incidents, every = simulated.incidents.take(first), places(simulated.chance)
    site, abroad = incidents["site"].to_numpy(), _abroad(incidents)
    away = np.flatnonzero((site >= 0) & ~abroad)
    street, town = every.streets(site[away])
    kind = np.where(abroad, len(SITE_KIND) - 1, 0)
    kind[away] = every.kind[site[away]] + 1
    return pa.table(
        {
            "event_id": ids,
            "occurred_at": times(incidents["occurred_s"].to_numpy()),
            "site_kind": coded(kind, SITE_KIND),
            "site": with_gaps(every.names(site[away]), away, len(site)),
            "street": with_gaps(street, away, len(site)),
            "town": with_gaps(town, away, len(site)),
            "lsoa_code": pa.array(
                simulated.geography.code[incidents["lsoa"].to_numpy()], mask=abroad
            ),
            **{
                name: _degrees(incidents[name].to_numpy(), abroad)
                for name in ("latitude", "longitude")
            },
        }
    )


def _abroad(incidents: pa.Table) -> Mask:
    return np.asarray(incidents["abroad"].to_numpy(zero_copy_only=False))


def _degrees(values: Floats, missing: Mask) -> pa.Array:
    """Write degrees with five decimals, about a metre."""
    return pa.array(np.char.mod("%.5f", values), pa.string(), mask=missing)
