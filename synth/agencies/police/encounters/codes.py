"""Code lists of searches, reports of missing people, and detentions under section 136."""

from __future__ import annotations

POWER = {
    "pace_1": "section 1, Police and Criminal Evidence Act 1984",
    "mda_23": "section 23, Misuse of Drugs Act 1971",
    "firearms_47": "section 47, Firearms Act 1968",
}
LOOKED_FOR = {
    "drugs": "drugs",
    "weapons": "offensive weapons or blades",
    "stolen": "stolen property",
    "tools": "articles for theft",
    "damage": "articles for criminal damage",
    "firearms": "firearms",
}
SEARCH_OUTCOME = {
    "nfa": "nothing further",
    "arrest": "arrest",
    "resolution": "community resolution",
    "caution": "caution",
    "summons": "charge by post",
}
# What officers see, after the codes of the national computer.
APPEARANCE = {
    "IC1": "White, north European",
    "IC2": "White, south European",
    "IC3": "Black",
    "IC4": "South Asian",
    "IC5": "East Asian",
    "IC6": "Middle Eastern",
    "IC9": "unknown",
}
MISSING_FROM = {
    "home": "home",
    "care": "foster home or children's home",
    "hospital": "hospital",
    "school": "school",
    "other": "elsewhere",
}
REPORTED_BY = {
    "family": "family or partner",
    "carer": "carer or social worker",
    "staff": "staff of a hospital, home or school",
    "other": "somebody else",
}
MISSING_RISK = {
    "none": "no apparent risk",
    "low": "low",
    "medium": "medium",
    "high": "high",
}
FOUND_HOW = {
    "returned": "came back",
    "police": "found by police",
    "others": "found by family, carers or others",
    "made_contact": "made contact",
}
SAFE_PLACE = {
    "unit": "health-based place of safety",
    "department": "emergency department",
    "station": "police station",
}
TRANSPORT = {"police": "police vehicle", "ambulance": "ambulance", "other": "other"}
DETENTION_END = {
    "detained": "detained in hospital under section 2 or 3",
    "informal": "admitted by agreement",
    "followed": "home, with follow-up",
    "home": "home, nothing further",
}
