"""What a department is told of injuries: how, at what, and where."""

from __future__ import annotations

from functools import cache

import numpy as np

from darkfigure.synth.agencies.ed.seen import ASSAULT, HOURS_A_DAY, Seen
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.framework.service_demand import ILLNESS, SELF_HARM, SPORT
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema import PLACE, WEAPON, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.setting.special_days import days_taught

# Mechanisms of assaults by weapon, as the department codes them.
_MECHANISM_OF = {"none": "03", "blunt": "04", "glass": "05", "sharp": "05", "other": "99"}
# Shares of accidents at work, of people of working age by day; in education, of pupils in school
# hours; and at home or about the house by age, of the rest. Assumed.
_WORK_RATE, _WORK_YEARS, _WORK_HOURS = 0.2, (16, 67), (7, 20)
_SCHOOL_RATE, _SCHOOL_YEARS, _SCHOOL_HOURS = 0.55, (5, 16), (9, 18)
_HOUSE_AGES, _HOUSE_RATES = (0, 5, 16, 40, 65, 80), (0.6, 0.3, 0.3, 0.45, 0.7, 0.85)
_OUTSIDE_RATE = 0.6  # of what happens at leisure, in the street; assumed
_UNKNOWN_RATE = 0.05  # of activities and places not known; assumed
# Places of assaults, as departments code them.
_PLACE_OF = {
    **dict.fromkeys(("own_home", "other_home"), "1"),
    "street": "2",
    "school": "3",
    "licensed": "5",
}
_ELSEWHERE = "9"
_LEISURE_WORK_RATE = 0.06  # of assaults, at the victim's work; assumed


def injury_told(seen: Seen, coded_assault: Mask, context: RecordingContext) -> dict[str, Ints]:
    """Give mechanism, activity and place of injuries, as codes of the department's lists.

    Assaults that are not coded as such keep their injury, and are put down to the accident that
    most often does the like.

    Parameters
    ----------
    seen
        Everybody seen.
    coded_assault
        Which attendances are coded as assaults.
    context
        Recording context of the block.

    Returns
    -------
    Indices by list; -1 where a patient has no injury.
    """
    chance, ids = context.chance.stage("ed"), seen.ids
    day, hour = seen.arrived_s // DAY_S, seen.arrived_s // HOUR_S % HOURS_A_DAY
    age = (day - context.people.birth_day[seen.row]) / DAYS_A_YEAR
    injured = ~np.isin(seen.reason, (ILLNESS, SELF_HARM))
    open_assault = coded_assault & (seen.reason == ASSAULT)
    weapon = seen.of_assaults(codes_of(seen.incidents["weapon"], WEAPON))
    by_weapon = _numbers("mechanism", tuple(_MECHANISM_OF[name] for name in WEAPON))
    mechanism = np.where(open_assault, by_weapon[weapon], seen.mechanism)
    activity = _activities(seen, age, day, hour, chance.uniform("activity", ids))
    place = _places(activity, age, chance.uniform("injury_place", ids))
    place = np.where(open_assault, _assault_places(seen), place)
    unknown = chance.happens("activity_unknown", ids, _UNKNOWN_RATE)
    drawn = {
        "mechanism": mechanism,
        "activity": _numbers("activity", ("9",))[0] * unknown + activity * ~unknown,
        "injury_place": place,
    }
    return {name: np.where(injured, values, -1) for name, values in drawn.items()}


def _activities(seen: Seen, age: Floats, day: Ints, hour: Ints, drawn: Floats) -> Ints:
    """Tell what the injured were doing, by age, day and hour."""
    work, sport, leisure, education, house = _numbers("activity", ("1", "2", "3", "4", "5"))
    activity = np.where(drawn < np.interp(age, _HOUSE_AGES, _HOUSE_RATES), house, leisure)
    at_school = _inside(age, _SCHOOL_YEARS) & _inside(hour, _SCHOOL_HOURS) & _taught(day)
    at_work = _inside(age, _WORK_YEARS) & _inside(hour, _WORK_HOURS)
    alone = seen.reason != ASSAULT
    activity = np.where(at_work & alone & (drawn > 1 - _WORK_RATE), work, activity)
    activity = np.where(at_school & alone & (drawn > 1 - _SCHOOL_RATE), education, activity)
    grown = _inside(age, _WORK_YEARS)
    harmed_at_work = ~alone & grown & (drawn > 1 - _LEISURE_WORK_RATE)
    activity = np.where(harmed_at_work, work, activity)
    return np.where(seen.reason == SPORT, sport, activity)


def _places(activity: Ints, age: Floats, drawn: Floats) -> Ints:
    """Tell where it was, by what the injured were doing."""
    home, street, school, work, pitch, other = _numbers(
        "injury_place", ("1", "2", "3", "4", "6", "9")
    )
    of_activity = np.array([work, pitch, street, school, home, other])
    place = of_activity[activity]
    at_leisure = activity == _numbers("activity", ("3",))[0]
    indoors = np.where(age < _HOUSE_AGES[1], home, other)
    return np.where(at_leisure & (drawn > _OUTSIDE_RATE), indoors, place)


def _assault_places(seen: Seen) -> Ints:
    codes = _numbers("injury_place", tuple(_PLACE_OF.get(name, _ELSEWHERE) for name in PLACE))
    return codes[seen.of_assaults(codes_of(seen.incidents["place"], PLACE))]


def _inside(values: Floats | Ints, bounds: tuple[int, int]) -> Mask:
    return np.asarray((values >= bounds[0]) & (values < bounds[1]))


def _taught(day: Ints) -> Mask:
    if not len(day):
        return np.zeros(0, bool)
    return np.isin(day, days_taught(int(day.min()), int(day.max()) + 1))


@cache
def _numbers(name: str, codes: tuple[str, ...]) -> Ints:
    known = list(meanings("ed_codes", of=name))
    return np.array([known.index(code) for code in codes])
