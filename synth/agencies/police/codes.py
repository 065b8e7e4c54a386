"""Code lists of the police and of agencies that meet with them: each code with its meaning."""

from __future__ import annotations

from darkfigure.synth.reference import load


def _listed(table: str) -> dict[str, str]:
    """Read a code list from a calibration table with columns `code` and `title`."""
    rows = load(table)
    return dict(zip(rows["code"].to_pylist(), rows["title"].to_pylist(), strict=True))


OFFENCES = _listed("offence_codes")
INCIDENT_TYPE = _listed("incident_types")
CATEGORY = {"crime": "recorded crime", "non_crime": "incident that is no crime"}
POLICE_ROLE = {
    "victim": "victim, or the person of concern",
    "suspect": "suspect, or the person who caused concern",
    "witness": "witness",
}
# Home Office crime outcomes framework.
OUTCOME = {
    "1": "charged or summonsed",
    "2": "youth caution",
    "3": "adult caution",
    "8": "community resolution",
    "10": "not in the public interest, by decision of the police",
    "14": "no suspect named, victim does not support action",
    "15": "suspect named, evidential difficulties, victim supports action",
    "16": "suspect named, victim does not support action",
    "18": "investigation complete, no suspect identified",
    "20": "another body takes action",
    "21": "further investigation not in the public interest",
    "22": "diverted to education or intervention",
}
POLICE_RELATION = {
    "partner": "partner or ex-partner",
    "family": "relative",
    "acquaintance": "acquaintance",
    "stranger": "stranger",
}
ALIAS_KIND = {"former": "a name borne before", "nickname": "goes by it", "false": "given falsely"}
INTELLIGENCE = {
    "drugs": "supply or use of drugs",
    "violence": "violence or weapons",
    "theft": "theft or handling",
    "domestic": "domestic abuse",
    "exploitation": "exploitation of children or adults",
}
# Grading of intelligence, 3x5x2: quality of the source, way of knowing, permitted readers.
SOURCE_GRADE = {"1": "reliable", "2": "untested", "3": "not reliable"}
KNOWN_HOW = {
    "A": "known directly to the source",
    "B": "known indirectly but corroborated",
    "C": "known indirectly",
    "D": "not known",
    "E": "suspected to be false",
}
SHARING = {"P": "lawful sharing permitted", "C": "lawful sharing permitted with conditions"}
HANDLING = {
    "open": "to everybody in the force",
    "sensitive": "to those who need to know: somebody vulnerable is named",
    "restricted": "to the investigating team",
}
DEVICE_PERMISSION = {
    "none": "the maker's permission is not needed",
    "granted": "the maker has permitted it",
    "awaited": "the maker has not answered",
    "refused": "the maker has refused",
}
DEVICE_OUTCOME = {
    "read": "read in full",
    "part": "read in part",
    "encoded": "read, but nobody could decode it",
    "closed": "not read",
}
VIEW_PURPOSE = {
    "case": "own case",
    "safeguarding": "safeguarding",
    "intelligence": "intelligence",
    "none": "none given",
}

PPN_TYPE = {
    "DA": "domestic abuse",
    "CH": "child concern",
    "AD": "adult at risk",
    "OT": "mental health, missing or other",
}
PPN_ROLE = {
    "victim": "victim or adult at risk",
    "child": "child, or child of the household",
    "suspect": "person who causes the risk",
}
RISK = {"standard": "standard", "medium": "medium", "high": "high"}
YES_NO = {"Y": "yes", "N": "no"}

DISPOSAL = {
    "charged": "charged",
    "caution": "cautioned",
    "resolution": "community resolution",
    "nfa": "no further action",
}
# Records that a force loads about a person, by reason.
PND_EVENT = {
    "crime": "suspect of a crime",
    "domestic_abuse": "suspect of domestic abuse",
    "intelligence": "subject of intelligence",
}

MARAC_CRITERION = {
    "visible": "visible high risk: 14 or more ticks",
    "judgement": "professional judgement",
    "repeat": "repeat within twelve months",
}
MARAC_ROLE = {"victim": "victim", "perpetrator": "perpetrator", "child": "child"}
PARTNERS = {
    "police": "police",
    "social_services": "children's social services",
    "health": "health",
    "education": "education",
    "housing": "housing",
    "probation": "probation",
    "idva": "independent domestic violence adviser",
}
MASH_DECISION = {
    "no_action": "no further action",
    "information": "information and advice",
    "assessment": "assessment by social services",
    "section_47": "enquiries under section 47, strategy meeting",
}
