"""Warning markers, and how each force words them."""

from __future__ import annotations

MARKER = {
    "violent": "violent",
    "weapons": "has used or carries weapons",
    "police": "assaults police officers",
    "drugs": "uses or supplies drugs",
    "domestic": "perpetrator of domestic abuse",
    "sexual": "convicted of a sexual offence",
    "bail": "offends on bail",
    "self_harm": "self-harm or suicide",
    "mental": "mental health",
    "ailment": "medical condition",
    "victim": "repeat victim of domestic abuse",
}
# Letters of the national computer, which has none for assaults on officers and for abuse: those of
# the force begin as the nearest of its letters do.
PNC_LETTERS = {
    "violent": "VI",
    "weapons": "WE",
    "police": "VI-POL",
    "drugs": "DR",
    "domestic": "DV",
    "sexual": "SO",
    "bail": "OB",
    "self_harm": "SU",
    "mental": "MN",
    "ailment": "AT",
    "victim": "DV-VIC",
}
IN_FULL = {
    "violent": "VIOLENT",
    "weapons": "WEAPONS",
    "police": "ASSAULTS POLICE",
    "drugs": "DRUGS",
    "domestic": "DA PERPETRATOR",
    "sexual": "SEX OFFENDER",
    "bail": "OFFENDS ON BAIL",
    "self_harm": "SUICIDAL/SELF HARM",
    "mental": "MENTAL",
    "ailment": "AILMENT",
    "victim": "DA REPEAT VICTIM",
}
SHORT = {
    "violent": "Viol",
    "weapons": "Weap",
    "police": "Asslt Pol",
    "drugs": "Drug",
    "domestic": "DA Off",
    "sexual": "Sex Off",
    "bail": "Bail",
    "self_harm": "Self Harm",
    "mental": "MH",
    "ailment": "Medical",
    "victim": "DA Vic",
}
