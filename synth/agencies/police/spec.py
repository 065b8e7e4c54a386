"""Record keeping of the forces, and their work besides simulated violence."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from darkfigure.synth.agencies.framework.handwriting import Handwriting
from darkfigure.synth.agencies.framework.languages_asked import LanguageAsked
from darkfigure.synth.agencies.police.encounters.spec import Encounters
from darkfigure.synth.agencies.police.prosecution.spec import Prosecution
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reporting.accounts import Account


class AllCrime(Spec):
    """All recorded crime per 1,000 residents and year, by force: ONS, year to June 2021."""

    north_wales: Amount = 81.3
    gwent: Amount = 82.2
    south_wales: Amount = 74.1
    dyfed_powys: Amount = 68.7


class Flagged(Spec):
    """Share of domestic cases that officers mark as domestic; assumed.

    With the violence of the simulation they give the published domestic abuse-related crimes.
    """

    north_wales: Rate = 0.78
    gwent: Rate = 0.71
    south_wales: Rate = 0.8
    dyfed_powys: Rate = 0.52


class Unmarked(Spec):
    """Share of minor injuries recorded as assault without injury; assumed.

    Nothing was left to be seen. In Dyfed-Powys 19 % of violence is recorded as with injury and
    36 % as without (ONS 2023).
    """

    north_wales: Rate = 0.1
    gwent: Rate = 0.15
    south_wales: Rate = 0.15
    dyfed_powys: Rate = 0.38


class Extraction(Spec):
    """Examination of telephones; all assumed."""

    seized_telling_rate: Rate = 0.08
    """Crimes with a named suspect, of kinds with evidence on telephones."""
    seized_rate: Rate = 0.015
    """Other crimes with a named suspect."""
    of_victim_rate: Rate = 0.3
    """Telephones that belong to the victim."""
    agreed_rate: Rate = 0.7
    permission_needed_rate: Rate = 0.35
    """Handsets that cannot be read without their maker's permission."""
    permission_refused_rate: Rate = 0.2
    delay_days: Amount = 60.0
    """Until the examination, mean; three times as long where permission is needed."""
    undecoded_rate: Rate = 0.12
    """Examined handsets whose data stay encoded."""


class AccessAudit(Spec):
    """Content of the log of views; all assumed."""

    logged_rate: Rate = 0.15
    """Occurrences with a view in the sample."""
    delay_days: Amount = 30.0
    """Between report and view, mean."""
    other_force_rate: Rate = 0.06
    """Views by an officer of another force, if one can look."""
    no_purpose_rate: Rate = 0.03
    """Views for which no purpose of the police is given."""


class Narratives(Spec):
    """Free text of officers; assumed."""

    hand: Handwriting = Handwriting(upper_rate=0.2)
    place_contradicts_rate: Rate = 0.04
    """Share of texts that speak of another kind of place than the coded one."""
    weapon_contradicts_rate: Rate = 0.03
    """Share of texts on violence that speak of another weapon, or of none."""
    relation_contradicts_rate: Rate = 0.03
    """Share of texts on violence that call the suspect something else."""
    time_contradicts_rate: Rate = 0.04
    """Share of texts that give another time than the coded one."""
    care_sd: Amount = 1.0
    """How far the length of an officer's texts varies, beside thoroughness."""


class IntelligenceReports(Spec):
    """Free text of reports of intelligence; assumed."""

    hand: Handwriting = Handwriting(upper_rate=0.08, slip_rate=0.001)
    contradicts_rate: Rate = 0.02
    """Reports that are about another matter than the coded one."""


class Markers(Spec):
    """Keeping of warning markers; all assumed."""

    reviewed_rate: Rate = 0.55
    """Markers that are looked at when their review is due; the others stand as they are."""
    removed_rate: Rate = 0.4
    """Markers that are removed then."""
    copied_rate: Rate = 0.02
    """Markers that somebody puts on another nominal of the household as well."""
    reason_noted_rate: Rate = 0.7
    """Markers with the number of the occurrence that gave the reason."""


class Police(Spec):
    """Record keeping of the forces; all assumed unless a source is named.

    The tables `offence_codes` and `incident_types` list their work besides simulated violence;
    other crime is scaled so that each force's total is the published one.
    """

    all_crime_per_1000: AllCrime = AllCrime()
    incidents_scale: Amount = 1.0
    """Factor on the rates of `incident_types`."""
    language: LanguageAsked = LanguageAsked(asked_rate=0.15, defaulted_rate=0.1)
    """How often people are asked for their language."""
    intelligence_per_1000: Amount = 12.0
    """Reports a year."""
    offending_sd: Amount = 2.4
    """Of the log of people's readiness to offend, as their proneness moves it; assumed."""
    domestic_frailty_sd: Amount = 2.3
    """Standard deviation of the log of proneness to domestic incidents."""
    domestic_flagged: Flagged = Flagged()
    unmarked: Unmarked = Unmarked()
    devices: Extraction = Extraction()
    audit: AccessAudit = AccessAudit()
    narratives: Narratives = Narratives()
    witness_rate: Rate = 0.2
    """Crimes with a witness."""
    account: Account = Account(error_median_minutes=12.0, exact_rate=0.15)
    """Errors of the time that officers are told."""
    window_rate: Rate = 0.3
    """Share of occurrences recorded with a window of time instead of a moment."""
    window_mean_hours: Amount = 3.0
    """Length of that window, mean."""
    location_noted_rate: Rate = 0.85
    """Share of occurrences away from homes whose premises or street are named."""
    placed_at_home_rate: Rate = 0.05
    """Share of occurrences recorded in the neighbourhood of the victim's home, wherever it was."""
    point_missing_rate: Rate = 0.07
    """Share of occurrences without coordinates, besides."""
    neighbour_rate: Rate = 0.1
    """Cases of violence in which somebody of the neighbourhood is named as a witness."""
    further_suspect_named: Rate = 0.6
    """Share of further suspects of an event who are named, if the first is."""
    duplicate_rate: Rate = 0.28
    """Meetings at which a known person is opened anew: it makes about a tenth of nominals
    duplicates, since most people are met once.
    """
    merged_rate: Rate = 0.01
    """People taken for another of their household and sex whom the store knows."""
    refresh_rate: Rate = 0.35
    """Meetings at which a known nominal's details are asked for again."""
    known_before_rate: Rate = 0.5
    """People met in the study whom the force had met before."""
    known_before_years: Amount = 4.0
    """Years from that meeting to the study's, mean."""
    alias_suspect_rate: Rate = 0.12
    """Suspects' nominals with an alias."""
    alias_rate: Rate = 0.03
    """Other nominals with an alias."""
    officers_a_force: Annotated[int, Field(ge=1, le=9_000)] = 900
    """Officers who enter records."""
    thoroughness_sd: Amount = 0.8
    """Standard deviation over officers, in log odds of leaving a field empty."""
    field_left_empty_rate: Rate = 0.12
    """Fields that an average officer leaves empty."""
    suspect_identified_stranger: Rate = 0.35
    """Recorded incidents whose suspect is named."""
    suspect_identified_known: Rate = 0.92
    suspect_identified_killing: Rate = 0.94
    charged_rate: Rate = 0.14
    """Crimes with a named suspect."""
    no_further_action_rate: Rate = 0.68
    """Crimes with a named suspect that end for evidential difficulties."""
    markers: Markers = Markers()
    encounters: Encounters = Encounters()
    intelligence: IntelligenceReports = IntelligenceReports()
    prosecution: Prosecution = Prosecution()
    recording_delay_median_hours: Amount = 6.0
    recording_delay_sd_log: Amount = 1.6
    english_nominals: Amount = 0.5
    """Nominals of English residents per nominal of the force, in the database that North Wales
    shares with two English forces. Life has about four (3.4 million people in all).
    """
