"""Telephones taken for examination: few can be read at once, and some never.

Reading a handset needs its owner's agreement, at times the permission of its maker, and a way to
decode its data.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.records import days
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import (
    DEVICE_OUTCOME,
    DEVICE_PERMISSION,
    OFFENCES,
    POLICE_ROLE,
)
from darkfigure.synth.agencies.police.kinds_of_work import CRIME
from darkfigure.synth.agencies.police.other_work import RELATIONS
from darkfigure.synth.agencies.police.spec import Extraction
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR

_SUSPECT, _VICTIM = (list(POLICE_ROLE).index(name) for name in ("suspect", "victim"))
_NOT_NEEDED, _GRANTED, _AWAITED, _REFUSED = range(len(DEVICE_PERMISSION))
_READ, _PART, _ENCODED, _CLOSED = range(len(DEVICE_OUTCOME))
# Offences with evidence on telephones: stalking, harassment, sexual offences, cruelty.
_TELLING = ("8L", "8Q", "8R", "8U", "3B", "19C", "20A", "11A")
_ADULT_YEARS = 18
_PERMISSION_WAIT = 3.0  # factor on the wait where permission is needed; assumed
_PART_RATE = 0.3  # read in part only; assumed


def device_rows(
    simulated: SimulatedEvents, cases: PoliceCases, force: int, spec: Extraction, chance: Stream
) -> tuple[pa.Table, Ints]:
    """Write the telephones that a force took, and give the cases they belong to.

    Parameters
    ----------
    simulated
        The simulated events.
    cases
        Cases of all forces.
    force
        Index into `schema.FORCES`.
    spec
        Rates of seizure and examination.
    chance
        Stream of the police; draws are keyed by case.

    Returns
    -------
    Rows in the common form of the table `devices`, and the row in the cases of each.
    """
    telling = np.isin(cases.offence, [list(OFFENCES).index(code) for code in _TELLING])
    rate = np.where(telling, spec.seized_telling_rate, spec.seized_rate)
    fits = (cases.force == force) & (cases.category == CRIME) & (cases.suspect >= 0)
    row = np.flatnonzero(fits & chance.happens("seized", cases.event, rate))
    event, seized = cases.event[row], cases.reported_s[row] // DAY_S + 1
    of_victim = (cases.victim[row] >= 0) & chance.happens("of_victim", event, spec.of_victim_rate)
    needed = chance.happens("permission", event, spec.permission_needed_rate)
    refused = chance.happens("permission_refused", event, spec.permission_refused_rate)
    wait = (
        spec.delay_days
        * np.where(needed, _PERMISSION_WAIT, 1.0)
        * chance.exponential("examined", event)
    )
    day = seized + 1 + wait.astype(np.int64)
    waits = day >= simulated.period.end
    drawn = np.where(refused, _REFUSED, np.where(waits, _AWAITED, _GRANTED))
    permission = np.where(needed, drawn, _NOT_NEEDED)
    # A suspect's telephone can be read with a warrant; a victim's only by agreement.
    agreed = chance.happens("agreed", event, spec.agreed_rate)
    barred = (permission == _REFUSED) | (of_victim & ~agreed)
    read = ~waits & ~barred
    encoded = chance.happens("undecoded", event, spec.undecoded_rate)
    part = chance.happens("read_in_part", event, _PART_RATE)
    content = np.where(encoded, _ENCODED, np.where(part, _PART, _READ))
    outcome = np.where(read, content, np.where(barred, _CLOSED, -1))
    table = pa.table(
        {
            "exhibit_no": scrambled("exhibit", event, prefix="EX", digits=14, chance=chance),
            "occurrence_no": cases.number.take(pa.array(row)),
            "owner_role": coded(np.where(of_victim, _VICTIM, _SUSPECT), POLICE_ROLE),
            "parent": pa.array(_of_parent(simulated, cases, row) & ~of_victim),
            "seized_on": days(seized),
            "agreed": pa.array(agreed),
            "permission": coded(permission, DEVICE_PERMISSION),
            "extracted_on": pa.array(day, pa.int32(), mask=~read).cast(pa.date32()),
            "outcome": coded(outcome, DEVICE_OUTCOME),
        }
    )
    return table, row


def _of_parent(simulated: SimulatedEvents, cases: PoliceCases, row: Ints) -> Mask:
    """Tell which cases are about a child and somebody of its family."""
    victim = np.maximum(cases.victim[row], 0)
    since = (cases.reported_s[row] / DAY_S - simulated.period.start) / DAYS_A_YEAR
    young = simulated.victims.census.age_years[victim] + since < _ADULT_YEARS
    family = cases.relation[row] == RELATIONS.index("family")
    return np.asarray(young & family & (cases.victim[row] >= 0))
