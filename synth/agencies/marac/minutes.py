"""Minutes of the conferences, a paragraph a case; wordings in `reference/marac_wordings.csv`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.handwriting import Handwriting, written_by
from darkfigure.synth.agencies.framework.mentions import Mentions
from darkfigure.synth.agencies.framework.people_written import WrittenMentions
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


@dataclass(frozen=True)
class CasesHeard:
    """Cases of the conferences; arrays have one entry per case."""

    notification: Ints  # row of the notification that led to it
    mentions: Mentions  # of their people
    criterion: Ints  # index into `MARAC_CRITERION`
    idva: Mask  # an adviser was offered


def minutes_of(
    simulated: SimulatedEvents, ppn: Notifications, heard: CasesHeard, spec: Minutes
) -> Passages:
    """Write the minutes of all cases.

    Parameters
    ----------
    simulated
        The simulated events, with what the blocks wrote.
    ppn
        All notifications.
    heard
        The cases.
    spec
        Rates of the texts.
    """
    rows = heard.notification
    own = simulated.chance.stage("marac")
    chance = own.stage("minutes")
    told = RiskTold(simulated, ppn, rows, spec.contradicts_rate, chance)
    area = wales().authority[ppn.lsoa[rows]]
    style = chance.pick("style", told.event, _STYLES)
    speakers = wales().welsh_speaker_rate[ppn.lsoa[rows]]
    manner = written_by(spec.hand, area, style, speakers, told.event, chance)
    written = WrittenMentions(simulated.written, MARAC_PERSONS, heard.mentions, "MP", own)
    people = told.people(written, np.arange(len(rows)))
    yes = {"idva": heard.idva, "kids": people["child1"].person_id >= 0}
    traits = {
        **told.traits(),
        **{name: Trait(mask.astype(np.int64), _YES_NO) for name, mask in yes.items()},
        "criterion": Trait(heard.criterion, tuple(MARAC_CRITERION)),
    }
    slots = told.slots(people, manner.language)
    return compose(wordings("marac_wordings"), Told(told.event, traits, slots, manner), chance)
