"""Officers' accounts of why they are concerned; wordings in `reference/ppn_wordings.csv`."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.handwriting import written_by
from darkfigure.synth.agencies.framework.people_written import WrittenMentions
from darkfigure.synth.agencies.ppn.notify import Notifications, NotificationSpec
from darkfigure.synth.agencies.ppn.risk_told import RiskTold
from darkfigure.synth.agencies.ppn.tables import PPN_SUBJECTS
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.schema import FORCES
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.text import Passages, Slot, Told, Trait, compose, mention_kinds, wordings

_STYLES = (0.25, 0.45, 0.3)  # shares of terse, plain and full accounts; assumed


def officers_accounts(
    simulated: SimulatedEvents,
    ppn: Notifications,
    rows: Ints,
    consent: Mask,
    spec: NotificationSpec,
) -> Passages:
    """Write the accounts of some notifications of one force.

    Parameters
    ----------
    simulated
        The simulated events, with what the blocks wrote.
    ppn
        All notifications.
    rows
        Notifications of the force, shape (n,).
    consent
        Whether the victim agreed to its being shared, shape (n,).
    spec
        Rates of the texts.
    """
    force = int(ppn.force[rows[0]])
    source = f"ppn/{list(FORCES)[force]}"
    own = simulated.chance.stage("ppn")
    chance = own.stage("account")
    told = RiskTold(simulated, ppn, rows, spec.account_contradicts_rate, chance)
    style = chance.pick("style", told.event, _STYLES)
    officer = ppn.officer[rows] * len(FORCES) + ppn.force[rows]
    speakers = wales().welsh_speaker_rate[ppn.lsoa[rows]]
    manner = written_by(spec.hand, officer, style, speakers, told.event, chance)
    written = WrittenMentions(
        simulated.written, PPN_SUBJECTS[source], ppn.mentions[force], "", own.stage(source)
    )
    number = Slot(strings(zero_padded(ppn.officer[rows] + 1, 4)), mention_kinds.IDENTIFIER)
    slots = told.slots(told.people(written, rows), manner.language) | {"officer": number}
    traits = told.traits() | {"consent": Trait(np.asarray(consent, np.int64), ("no", "yes"))}
    return compose(wordings("ppn_wordings"), Told(told.event, traits, slots, manner), chance)
