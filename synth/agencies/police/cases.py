"""Cases of the forces: recorded violence and all other work, with numbers, in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.service_demand import Needs
from darkfigure.synth.agencies.police.associates import Associates
from darkfigure.synth.agencies.police.codes import OFFENCES
from darkfigure.synth.agencies.police.further_people import Further, further_people
from darkfigure.synth.agencies.police.kinds_of_work import CRIME
from darkfigure.synth.agencies.police.merging import merge
from darkfigure.synth.agencies.police.nominals import Meetings, meet
from darkfigure.synth.agencies.police.numbers import report_numbers
from darkfigure.synth.agencies.police.officers import officers
from darkfigure.synth.agencies.police.other_work import RELATIONS, other_events
from darkfigure.synth.agencies.police.outcomes import outcomes
from darkfigure.synth.agencies.police.prosecution.arrests import CaseArrests, arrests
from darkfigure.synth.agencies.police.prosecution.charges import Charges, charges
from darkfigure.synth.agencies.police.prosecution.custody import Custody, detain
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.population import Census
from darkfigure.synth.schema import (
    DOMESTIC,
    FORCES,
    HOW_REPORTED,
    INJURY,
    PLACE,
    POLICE_STATUS,
    RELATIONSHIP,
    SEVERITY,
    VIOLENCE,
    WEAPON,
    codes_of,
)
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.violence.company import was_hit_back

_CODES = tuple(OFFENCES)
_RESPONSIBLE_YEARS = 10  # age of criminal responsibility. Source: law of England and Wales
_CHILD_YEARS = 16  # below which cruelty to children can be suffered. Source: as above
_STRANGER_RATE = 0.4  # of named suspects of other crime, else acquaintances; assumed


@dataclass(frozen=True)
class PoliceCases:
    """Everything the forces recorded, in order of force and report, one entry of each array."""

    event: Ints  # incident id, or a number of another event with OTHER_EVENT set
    incident: Ints  # incident id, -1 for cases that are no simulated violence
    force: Ints
    category: Ints  # crime, incident that is none, intelligence
    reported_s: Ints
    occurred_s: Ints
    offence: Ints  # index into offence codes, -1 where there is none
    incident_type: Ints  # index into incident types, -1 for a crime
    place: Ints
    how: Ints  # how the police learned of it, index into schema.HOW_REPORTED
    lsoa: Ints
    domestic: Mask
    relation: Ints  # index into RELATIONS, -1 where no suspect is named
    weapon: Ints
    injury: Ints
    victim: Ints  # census index, -1 where there is none; as for the next two
    suspect: Ints
    witness: Ints
    officer: Ints  # number within the force
    outcome: Ints  # index into schema.OUTCOME, -1 while open
    number: pa.Array  # the force's number
    arrests: CaseArrests
    custody: Custody
    charges: Charges
    further: Further
    meetings: Meetings
    household: Ints  # of each person of the census
    needs: Needs
    end: int  # day after the study
    spec: Police


def record_cases(simulated: SimulatedEvents, spec: Police) -> PoliceCases:
    """Collect all cases: recorded violence, and all other work of the police.

    Parameters
    ----------
    simulated
        The simulated events.
    spec
        Record keeping of the forces.
    """
    chance = simulated.chance.stage("police")
    recorded = _recorded(simulated)
    first = _opens_case(recorded)
    violent = _violent(simulated, recorded.filter(pa.array(first)), spec, chance)
    other = other_events(simulated, violent["force"], spec, chance.stage("other"))
    merged = {name: np.concatenate([violent[name], other[name]]) for name in violent}
    order = np.lexsort((merged["event"], merged["reported_s"], merged["force"]))
    merged = {name: values[order] for name, values in merged.items()}
    census, start = simulated.victims.census, simulated.period.start
    merged["suspect"] = _responsible(merged, census, start)
    for role in ("suspect", "witness"):
        merged[role] = _still_there(merged[role], merged["reported_s"], census)
    merged["relation"] = _relation(merged, chance)
    further = further_people(simulated, recorded.filter(pa.array(~first)), merged, spec, chance)
    outcome = outcomes(merged, census, start, spec, chance)
    own = spec.prosecution
    arrested = arrests(simulated, merged, outcome, own.arrested_rate)
    held = detain(simulated, arrested, merged, own.detention, chance)
    charged = charges(simulated, arrested, held, merged["offence"], own.courts, chance)
    return PoliceCases(
        **merged,
        arrests=arrested,
        custody=held,
        charges=charged,
        officer=officers(merged, spec.officers_a_force, chance),
        outcome=outcome,
        further=further,
        number=report_numbers(merged["force"], merged["category"], merged["reported_s"], chance),
        meetings=merge(
            meet(census, merged, further, spec, chance),
            census,
            spec.merged_rate,
            chance,
        ),
        household=census.household,
        needs=simulated.needs,
        end=simulated.period.end,
        spec=spec,
    )


def _responsible(cases: dict[str, Ints], census: Census, start: int) -> Ints:
    """Give the suspects; of a crime nobody is one who is under ten."""
    age = census.age_years[cases["suspect"]] + (cases["occurred_s"] // DAY_S - start) / DAYS_A_YEAR
    child = (cases["category"] == CRIME) & (age < _RESPONSIBLE_YEARS)
    return np.where(child, -1, cases["suspect"])


def _still_there(person: Ints, reported_s: Ints, census: Census) -> Ints:
    """Name nobody who has died or left by the time of the report."""
    gone = census.gone_day[np.maximum(person, 0)] <= reported_s // DAY_S
    return np.where((person >= 0) & gone, -1, person)


def _recorded(simulated: SimulatedEvents) -> pa.Table:
    """Take the incidents that the police recorded."""
    incidents = simulated.incidents
    status = codes_of(incidents["police_status"], POLICE_STATUS)
    return incidents.filter(pa.array(status == list(POLICE_STATUS).index("recorded")))


def _opens_case(recorded: pa.Table) -> Mask:
    """Mark the incidents that have an occurrence each; incidents are in order of event.

    They are the first of each event, and the one in which the offender was hit back: a counter
    allegation is a crime of its own, since nobody is victim and suspect of one.
    """
    first = np.diff(recorded["event_id"].to_numpy(), prepend=-1) != 0
    return np.asarray(first | was_hit_back(recorded["incident_id"].to_numpy()))


def _violent(
    simulated: SimulatedEvents, own: pa.Table, spec: Police, chance: Stream
) -> dict[str, Ints]:
    """Take events of violence by their first recorded incident, as columns of `PoliceCases`."""
    ids, kind = own["incident_id"].to_numpy(), codes_of(own["kind"], VIOLENCE)
    related = codes_of(own["relationship"], RELATIONSHIP)
    stranger = related == list(RELATIONSHIP).index("stranger")
    severity = codes_of(own["severity"], SEVERITY)
    killed = severity == list(SEVERITY).index("fatal")
    identified = np.where(stranger, spec.suspect_identified_stranger, spec.suspect_identified_known)
    identified = np.where(killed, spec.suspect_identified_killing, identified)
    named = chance.happens("suspect_identified", ids, identified)
    victim, offender = own["victim"].to_numpy(), own["offender"].to_numpy()
    injury = codes_of(own["injury"], INJURY)
    seen = chance.happens("witness", ids, spec.neighbour_rate)
    witness = Associates(simulated.victims.census, chance).witness(ids, victim)
    alone = ~seen | (witness == victim) | (witness == offender)
    alone |= ~simulated.victims.census.there(witness, own["occurred_s"].to_numpy() // DAY_S)
    force = simulated.geography.force[own["lsoa"].to_numpy()]
    unmarked = np.array([getattr(spec.unmarked, name) for name in FORCES])[force]
    census, day = simulated.victims.census, own["occurred_s"].to_numpy() // DAY_S
    age = ages_on(day, census.age_years[victim], simulated.period.start)
    young, none = age < _CHILD_YEARS, np.full(len(ids), -1)
    return {
        "event": ids,
        "incident": ids,
        "force": force,
        "category": np.full(len(ids), CRIME),
        "reported_s": own["report_s"].to_numpy(),
        "occurred_s": own["occurred_s"].to_numpy(),
        "offence": _offence(ids, kind, severity, unmarked, young, chance),
        "incident_type": none,
        "place": codes_of(own["place"], PLACE),
        "how": codes_of(own["how_reported"], HOW_REPORTED),
        "lsoa": own["lsoa"].to_numpy(),
        "domestic": ~young
        & np.isin(related, [list(RELATIONSHIP).index(name) for name in DOMESTIC]),
        "relation": _violent_relation(related),
        "weapon": codes_of(own["weapon"], WEAPON),
        "injury": injury,
        "victim": victim,
        "suspect": np.where(named, offender, -1),
        "witness": np.where(alone, -1, witness),
    }


def _offence(
    ids: Ints, kind: Ints, severity: Ints, unmarked: Floats, young: Mask, chance: Stream
) -> Ints:
    """Give the offence of each act by its kind, the gravest injury, and the victim's age."""
    levels = list(SEVERITY)
    fatal, grave, serious, minor = (
        levels.index(name) for name in ("fatal", "life_threatening", "serious", "minor")
    )
    rate = np.select([severity == grave, severity == serious], _WITH_INTENT, 0.0)
    intent = chance.happens("with_intent", ids, rate)
    child, robbed, harassed = (
        kind == list(VIOLENCE).index(name) for name in ("child", "robbery", "harassment")
    )
    table = np.array([_CODES.index(code) for code in _HARASSMENT])
    pestered = table[chance.pick("harassment", ids, list(_HARASSMENT.values()))]
    codes = [_CODES.index(code) for code in ("1", "34B", "5D", "11A", "8N", "105A")]
    seen = ~chance.happens("unmarked", ids, unmarked)
    hurt = (severity > minor) | ((severity == minor) & seen)
    killed = severity == fatal
    marks = [killed, harassed, robbed, intent, child & young & ~hurt, hurt]
    return np.select(marks, [codes[0], pestered, *codes[1:5]], codes[5])


# Share of life-threatening and of serious wounds recorded as with intent; assumed.
_WITH_INTENT = (0.75, 0.2)
# Mix of threats, stalking, harassment and control; assumed.
_HARASSMENT = {"8L": 0.46, "8R": 0.32, "8Q": 0.1, "8U": 0.04, "3B": 0.08}


def _violent_relation(related: Ints) -> Ints:
    """Translate relationships into the forces' list; any that it lacks is an acquaintance."""
    translation = {"ex_partner": "partner", "parent": "family"} | {name: name for name in RELATIONS}
    table = [RELATIONS.index(translation.get(name, "acquaintance")) for name in RELATIONSHIP]
    return np.array(table)[related]


def _relation(cases: dict[str, Ints], chance: Stream) -> Ints:
    """Fill in the relation in other cases; without a named suspect there is none."""
    drawn = 2 + chance.happens("stranger", cases["event"], _STRANGER_RATE)
    other = np.where(cases["domestic"], 0, drawn)
    relation = np.where(cases["relation"] >= 0, cases["relation"], other)
    return np.where((cases["suspect"] >= 0) & (cases["victim"] >= 0), relation, -1)
