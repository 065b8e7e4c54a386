"""Views of records: a sample of the views that each system logs, for audits.

Officers of a force that can read another's records are among the viewers.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.records import times
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import VIEW_PURPOSE
from darkfigure.synth.agencies.police.kinds_of_work import INTELLIGENCE
from darkfigure.synth.agencies.police.numbers import collar_numbers
from darkfigure.synth.agencies.police.spec import AccessAudit
from darkfigure.synth.agencies.police.tables import OWNERS, VISIBLE
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.schema import FORCES, coded
from darkfigure.synth.setting.calendar import DAY_S

VIEWERS = (*FORCES, *(name for name in OWNERS if name not in FORCES))
_PURPOSE_SHARES = (0.6, 0.25, 0.15)  # of given ones, in the list's order; assumed
_OFFICERS = 900  # of a force who look into its store; assumed


def view_rows(
    simulated: SimulatedEvents, cases: PoliceCases, force: int, spec: AccessAudit, chance: Stream
) -> pa.Table:
    """Write the views of one force's records, in the common form of the table `access_log`.

    Parameters
    ----------
    simulated
        The simulated events.
    cases
        Cases of all forces.
    force
        Index into `schema.FORCES`.
    spec
        Rates of views.
    chance
        Stream of the police; draws are keyed by case.
    """
    fits = (cases.force == force) & (cases.category != INTELLIGENCE)
    row = np.flatnonzero(fits & chance.happens("viewed", cases.event, spec.logged_rate))
    event = cases.event[row]
    wait = spec.delay_days * chance.exponential("viewed_after", event)
    viewed_s = cases.reported_s[row] + (wait * DAY_S).astype(np.int64)
    inside = viewed_s < simulated.period.end * DAY_S
    row, event, viewed_s = row[inside], event[inside], viewed_s[inside]
    others = [VIEWERS.index(name) for name, holder in VISIBLE if holder == list(FORCES)[force]]
    viewer = np.full(len(row), force)
    if others:
        looks = chance.happens("other_force", event, spec.other_force_rate)
        other_viewer = np.array(others)[chance.below("viewer", event, len(others))]
        viewer = np.where(looks, other_viewer, viewer)
    purpose = chance.pick("purpose", event, _PURPOSE_SHARES)
    without = chance.happens("no_purpose", event, spec.no_purpose_rate)
    officer = chance.below("viewed_by", event, _OFFICERS)
    return pa.table(
        {
            "view_no": scrambled("view", event, prefix="V", digits=14, chance=chance),
            "occurrence_no": cases.number.take(pa.array(row)),
            "viewer": coded(viewer, VIEWERS),
            "officer": collar_numbers(officer, viewer),
            "viewed_at": times(viewed_s),
            "purpose": coded(np.where(without, len(VIEW_PURPOSE) - 1, purpose), VIEW_PURPOSE),
        }
    )
