"""Minutes of the conferences, a paragraph a case; wordings in `reference/marac_wordings.csv`."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.handwriting import Handwriting, written_by
from darkfigure.synth.agencies.framework.mentions import Mentions
from darkfigure.synth.agencies.marac.tables import MARAC_PERSONS
from darkfigure.synth.agencies.police.codes import MARAC_CRITERION
from darkfigure.synth.agencies.ppn.notify import Notifications
from darkfigure.synth.agencies.ppn.risk_told import RiskTold
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.text import Passages, Told, Trait, compose, wordings

_STYLES = (0.2, 0.45, 0.35)  # shares of terse, plain and full minutes; assumed
_YES_NO = ("no", "yes")


class Minutes(Spec):
    """Free text of coordinators; assumed."""

    hand: Handwriting = Handwriting(upper_rate=0.02, lower_rate=0.02, slip_rate=0.001)
    contradicts_rate: Rate = 0.03
    """Minutes that say the opposite of an answer to DASH, for each of five questions."""


def minutes_of(
    simulated: SimulatedEvents,
    ppn: Notifications,
    rows: Ints,
    mentions: Mentions,
    criterion: Ints,
    idva: Mask,
    spec: Minutes,
) -> Passages:
    """Write the minutes of all cases.

    Parameters
    ----------
    simulated
        The simulated events, with what the blocks wrote.
    ppn
        All notifications.
    rows
        The notification of each case, shape (n,).
    mentions
        People of the cases.
    criterion
        Index into `MARAC_CRITERION`, shape (n,).
    idva
        Whether an adviser was offered, shape (n,).
    spec
        Rates of the texts.
    """
    own = simulated.chance.stage("marac")
    chance = own.stage("minutes")
    told = RiskTold(simulated, ppn, rows, spec.contradicts_rate, chance)
    area = wales().authority[ppn.lsoa[rows]]
    style = chance.pick("style", told.event, _STYLES)
    speakers = wales().welsh_speaker_rate[ppn.lsoa[rows]]
    manner = written_by(spec.hand, area, style, speakers, told.event, chance)
    paper = np.arange(len(rows))
    people = told.people(MARAC_PERSONS, mentions, paper, prefix="MP", chance=own)
    traits = told.traits() | {
        "criterion": Trait(criterion, tuple(MARAC_CRITERION)),
        "idva": Trait(np.asarray(idva, np.int64), _YES_NO),
        "kids": Trait((people["child1"].person_id >= 0).astype(np.int64), _YES_NO),
    }
    slots = told.slots(people, manner.language)
    return compose(wordings("marac_wordings"), Told(told.event, traits, slots, manner), chance)
