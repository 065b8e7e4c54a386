"""Cases of the forces: recorded violence and all other work, with numbers, in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.associates import Associates
from darkfigure.synth.agencies.police.codes import OFFENCES
from darkfigure.synth.agencies.police.merging import merge
from darkfigure.synth.agencies.police.nominals import Meetings, meet
from darkfigure.synth.agencies.police.numbers import report_numbers
from darkfigure.synth.agencies.police.other_work import CRIME, RELATIONS, other_events
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import (
    DOMESTIC,
    FORCES,
    INJURY,
    PLACE,
    POLICE_STATUS,
    RELATIONSHIP,
    VIOLENCE,
    WEAPON,
    codes_of,
)
from darkfigure.synth.setting.calendar import DAY_S

_OUTCOMES = ("1", "3", "8", "22", "15", "16", "18", "14")
_CODES = tuple(OFFENCES)


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
    lsoa: Ints
    domestic: Mask
    relation: Ints  # index into RELATIONS, -1 where no suspect is named
    weapon: Ints
    injury: Ints
    victim: Ints  # census index, -1 where there is none; as for the next two
    suspect: Ints
    witness: Ints
    officer: Ints  # number within the force
    outcome: Ints  # index into _OUTCOMES, -1 while open
    number: pa.Array  # the force's number
    meetings: Meetings
    spec: Police

    @property
    def outcome_codes(self) -> tuple[str, ...]:
        """Labels of `outcome`."""
        return _OUTCOMES


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
    violent = _violent(simulated, spec, chance)
    other = other_events(simulated, violent["force"], spec, chance.stage("other"))
    merged = {name: np.concatenate([violent[name], other[name]]) for name in violent}
    order = np.lexsort((merged["event"], merged["reported_s"], merged["force"]))
    merged = {name: values[order] for name, values in merged.items()}
    merged["relation"] = _relation(merged, chance)
    officer = chance.below("officer", merged["event"], spec.officers_a_force)
    return PoliceCases(
        **merged,
        officer=officer,
        outcome=_outcome(merged, spec, chance),
        number=report_numbers(merged["force"], merged["category"], merged["reported_s"], chance),
        meetings=merge(
            meet(simulated.victims.census, merged, spec, chance),
            simulated.victims.census,
            spec.merged_rate,
            chance,
        ),
        spec=spec,
    )


def _violent(simulated: SimulatedEvents, spec: Police, chance: Stream) -> dict[str, Ints]:
    """Take the recorded acts of violence, as columns of `PoliceCases`."""
    incidents = simulated.incidents
    status = codes_of(incidents["police_status"], POLICE_STATUS)
    own = incidents.filter(pa.array(status == list(POLICE_STATUS).index("recorded")))
    ids, kind = own["incident_id"].to_numpy(), codes_of(own["kind"], VIOLENCE)
    related = codes_of(own["relationship"], RELATIONSHIP)
    stranger = related == list(RELATIONSHIP).index("stranger")
    identified = np.where(stranger, spec.suspect_identified_stranger, spec.suspect_identified_known)
    named = chance.happens("suspect_identified", ids, identified)
    victim, offender = own["victim"].to_numpy(), own["offender"].to_numpy()
    injury = codes_of(own["injury"], INJURY)
    seen = chance.happens("witness", ids, spec.witness_rate)
    witness = Associates(simulated.victims.census, chance).witness(ids, victim)
    alone = ~seen | (witness == victim) | (witness == offender)
    alone |= ~simulated.victims.census.there(witness, own["occurred_s"].to_numpy() // DAY_S)
    force = simulated.geography.force[own["lsoa"].to_numpy()]
    unmarked = np.array([getattr(spec.unmarked, name) for name in FORCES])[force]
    none = np.full(len(ids), -1)
    return {
        "event": ids,
        "incident": ids,
        "force": force,
        "category": np.full(len(ids), CRIME),
        "reported_s": own["report_s"].to_numpy(),
        "occurred_s": own["occurred_s"].to_numpy(),
        "offence": _offence(ids, kind, injury, unmarked, chance),
        "incident_type": none,
        "place": codes_of(own["place"], PLACE),
        "lsoa": own["lsoa"].to_numpy(),
        "domestic": np.isin(related, [list(RELATIONSHIP).index(name) for name in DOMESTIC]),
        "relation": _violent_relation(related),
        "weapon": codes_of(own["weapon"], WEAPON),
        "injury": injury,
        "victim": victim,
        "suspect": np.where(named, offender, -1),
        "witness": np.where(alone, -1, witness),
    }


def _offence(ids: Ints, kind: Ints, injury: Ints, unmarked: Floats, chance: Stream) -> Ints:
    intent = (injury == 2) & chance.happens("with_intent", ids, 0.08)  # share of woundings; assumed
    child, robbed, harassed = (
        kind == list(VIOLENCE).index(name) for name in ("child", "robbery", "harassment")
    )
    table = np.array([_CODES.index(code) for code in _HARASSMENT])
    pestered = table[chance.pick("harassment", ids, list(_HARASSMENT.values()))]
    codes = [_CODES.index(code) for code in ("34B", "5D", "11A", "8N", "105A")]
    hurt = (injury > 1) | ((injury == 1) & ~chance.happens("unmarked", ids, unmarked))
    marks = [harassed, robbed, intent, child & ~hurt, hurt]
    return np.select(marks, [pestered, *codes[:4]], codes[4])


# Mix of threats, stalking, harassment and control; assumed.
_HARASSMENT = {"8L": 0.46, "8R": 0.32, "8Q": 0.1, "8U": 0.04, "3B": 0.08}


def _violent_relation(related: Ints) -> Ints:
    """Translate relationships into the forces' list; any that it lacks is an acquaintance."""
    translation = {"ex_partner": "partner", "parent": "family"} | {name: name for name in RELATIONS}
    table = [RELATIONS.index(translation.get(name, "acquaintance")) for name in RELATIONSHIP]
    return np.array(table)[related]


def _relation(cases: dict[str, Ints], chance: Stream) -> Ints:
    """Fill in the relation in other cases; without a named suspect there is none."""
    drawn = 2 + chance.happens("stranger", cases["event"], 0.4)  # else acquaintances; assumed
    other = np.where(cases["domestic"], 0, drawn)
    relation = np.where(cases["relation"] >= 0, cases["relation"], other)
    return np.where((cases["suspect"] >= 0) & (cases["victim"] >= 0), relation, -1)


def _outcome(cases: dict[str, Ints], spec: Police, chance: Stream) -> Ints:
    """Draw the outcome of each crime; shares among named suspects not charged are assumed."""
    event = cases["event"]
    other_share = 1 - spec.charged_rate - spec.no_further_action_rate
    dropped = spec.no_further_action_rate
    named = [
        spec.charged_rate,
        other_share * 0.25,
        other_share * 0.45,
        other_share * 0.05,
        dropped / 3,
        dropped / 1.5,
    ]
    named += [0.0, 0.0]
    unnamed = [0, 0, 0, 0, 0, 0, 0.85, 0.15]
    drawn = [chance.pick("outcome", event, weights) for weights in (named, unnamed)]
    outcome = np.where(cases["suspect"] >= 0, *drawn)
    open_ = chance.happens("open", event, 0.06)  # still under investigation; assumed
    return np.where((cases["category"] == CRIME) & ~open_, outcome, -1)
