"""What a scenario may say of searches, missing people and detentions under section 136."""

from __future__ import annotations

from darkfigure.synth.core.spec import Amount, Rate, Spec


class SearchRates(Spec):
    """Searches per 1,000 people and year, by force.

    Source: 5,729 in Gwent in 2020-21 (Home Office, as told in the press); 2,686 in Dyfed-Powys in
    2021-22 and 9,129 with those of vehicles in 2022-23 (its report). The others are assumed.
    """

    north_wales: Amount = 5.0
    gwent: Amount = 9.6
    south_wales: Amount = 11.0
    dyfed_powys: Amount = 8.0


class Searches(Spec):
    """Stop and search; assumed unless a source is named."""

    per_1000: SearchRates = SearchRates()
    precedes_rate: Rate = 0.8
    """Share of cases of possession that an officer came upon which began with a search."""
    black_factor: Amount = 5.5
    """Rate of Black people against White ones. Source: five times and more in Wales, 5.9 in Gwent
    (Home Office 2020-21, as told in the press)."""
    mixed_factor: Amount = 2.2
    asian_factor: Amount = 1.3
    spread: Amount = 1.4
    """Of the log of people's own rates, as their proneness moves it."""


class Missing(Spec):
    """Reports of missing people; assumed unless a source is named."""

    looked_after_a_year: Amount = 0.62
    """Reports a year and looked-after child. Source: one in ten of them is reported, six times on
    average (Missing People, after the National Crime Agency 2022-23)."""
    child_a_year: Amount = 0.02
    """The same of other children of eight and over: with those looked after some 560 reports per
    100,000 people and year."""
    adult_a_year: Amount = 0.0041
    """The same of adults: some 330 per 100,000 people and year."""
    spread_looked_after: Amount = 1.7
    """Of the log of a child's own rate; likewise of others."""
    spread: Amount = 1.5
    told_looked_after_rate: Rate = 0.94
    """Reports on looked-after children that say so."""
    interviewed_rate: Rate = 0.6
    """Children who are spoken to after they come back, within three working days."""


class Detentions(Spec):
    """Detentions under section 136; assumed unless a source is named."""

    unit_per_1000: Amount = 0.5
    """Detentions per 1,000 people and year that go to a unit. Source: 36,594 in England and Wales
    in 2021-22, 68 % of them to a unit, 29 % to a department, 0.8 % to a station (Home Office)."""
    station_rate: Rate = 0.012
    """Share of those adults who are taken to a station instead."""
    brought_by_police_rate: Rate = 0.95
    """Share of patients in a mental crisis brought to a department by police who are detained."""
    brought_by_ambulance_rate: Rate = 0.035
    """The same of those brought by an ambulance."""
    spread: Amount = 1.5
    """Of the log of people's own rates, as their proneness moves it."""


class Encounters(Spec):
    """Searches, missing people and detentions under section 136."""

    searches: Searches = Searches()
    missing: Missing = Missing()
    detentions: Detentions = Detentions()
    known_rate: Rate = 0.85
    """Entries on somebody with a nominal in which it is found."""
