"""Reasons for the decisions of hubs, as managers write them; wordings in `mash_wordings.csv`."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.handwriting import Handwriting, written_by
from darkfigure.synth.agencies.framework.mentions import MOST_MENTIONS, Mentions
from darkfigure.synth.agencies.framework.people_written import WrittenMentions
from darkfigure.synth.agencies.mash.tables import MASH_EPISODES
from darkfigure.synth.agencies.police.codes import MASH_DECISION, RISK
from darkfigure.synth.agencies.ppn.notify import Notifications
from darkfigure.synth.agencies.ppn.risk_told import RiskTold
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.schema import SEX, coded
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.text import Passages, Slot, Told, Trait, compose, mention_kinds, wordings
from darkfigure.synth.text.numerals import numerals
from darkfigure.synth.text.times_said import DAY_SHARES, days_said

MANAGERS = 6  # of a hub who decide; assumed
_STYLES = (0.35, 0.4, 0.25)  # shares of terse, plain and full reasons; assumed
# From which a child goes to school, and nobody is one. Source: Social Services and Well-being Act
# 2014; the first is well known.
_AGES, _BANDS = (5, 18), ("infant", "child", "adult")
_YES_NO = ("no", "yes")


class DecisionReasons(Spec):
    """Free text of managers; assumed."""

    hand: Handwriting = Handwriting(upper_rate=0.03, lower_rate=0.08, slip_rate=0.0012)
    contradicts_rate: Rate = 0.03
    """Reasons that give another decision than the coded one."""


def decision_reasons(
    simulated: SimulatedEvents,
    ppn: Notifications,
    mentions: Mentions,
    decided: tuple[Ints, Ints],
    rows: Ints,
    spec: DecisionReasons,
) -> tuple[Passages, Ints]:
    """Write the reasons for some decisions.

    Parameters
    ----------
    simulated
        The simulated events, with what the blocks wrote.
    ppn
        All notifications.
    mentions
        All episodes.
    decided
        Decision of each episode, index into `MASH_DECISION`, and its time in seconds.
    rows
        Rows of the episodes that have a decision, shape (n,).
    spec
        Rates of the texts.

    Returns
    -------
    One text for each row, and the number of the manager who wrote it.
    """
    own = simulated.chance.stage("mash")
    chance, paper, person = own.stage("reason"), mentions.paper[rows], mentions.person[rows]
    told = RiskTold(simulated, ppn, paper, 0.0, chance)
    ids, lsoa = mentions.ids[rows], ppn.lsoa[paper]
    manager = chance.below("manager", ids, MANAGERS)
    style = chance.pick("style", ids, _STYLES)
    speakers = wales().welsh_speaker_rate[lsoa]
    writer = wales().authority[lsoa] * MANAGERS + manager
    manner = written_by(spec.hand, writer, style, speakers, ids, chance)
    written = WrittenMentions(simulated.written, MASH_EPISODES, mentions, "MA", own)
    slots = told.slots({"subject": written.find(paper, person)}, manner.language)
    decision, second = (values[rows] for values in decided)
    form = chance.pick("form of decided", ids, DAY_SHARES)
    grade = coded(ppn.grade[paper], RISK).cast("string")
    slots |= {
        "manager": Slot(strings(zero_padded(writer + 1, 4)), mention_kinds.IDENTIFIER),
        "decided": Slot(days_said(second // DAY_S, form, manner.language), mention_kinds.DATE),
        "previous": Slot(numerals(ids % MOST_MENTIONS)),
        "grade": Slot(grade),
    }
    traits = _traits(told, simulated, person, ids, second)
    wrong = chance.happens("contradicts", ids, spec.contradicts_rate)
    other = chance.below("other decision", ids, len(MASH_DECISION))
    traits["decision"] = Trait(np.where(wrong, other, decision), tuple(MASH_DECISION))
    return compose(wordings("mash_wordings"), Told(ids, traits, slots, manner), chance), writer


def _traits(
    told: RiskTold, simulated: SimulatedEvents, person: Ints, ids: Ints, second: Ints
) -> dict[str, Trait]:
    """Give everything on which wordings depend, but for the decision."""
    census, start = simulated.victims.census, simulated.period.start
    age = census.age_years[person] + (second / DAY_S - start) / DAYS_A_YEAR
    yes = {"known": ids % MOST_MENTIONS > 0, "dash": told.ppn.ticks[told.rows] >= 0}
    return {
        **told.traits(),
        **{name: Trait(mask.astype(np.int64), _YES_NO) for name, mask in yes.items()},
        "age": Trait(np.digitize(age, _AGES), _BANDS),
        "sex": Trait(census.sex[person], tuple(SEX)),
    }
