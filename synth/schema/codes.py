"""Code lists that several tables share: each code with what it means."""

from __future__ import annotations

FORCES = {
    "north_wales": "North Wales",
    "gwent": "Gwent",
    "south_wales": "South Wales",
    "dyfed_powys": "Dyfed-Powys",
}

SEX = {"F": "female", "M": "male"}
POLICE_SEX = {**SEX, "U": "unknown"}
# NHS Data Dictionary, person gender code.
NHS_SEX = {"1": "male", "2": "female", "9": "not specified", "0": "not known"}
ETHNIC_GROUP = {
    "White": "White",
    "Asian": "Asian, Asian British or Asian Welsh",
    "Black": "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed": "Mixed or multiple ethnic groups",
    "Other": "Other ethnic group",
}
VIOLENCE = {
    "stranger": "assault by a stranger",
    "acquaintance": "assault by an acquaintance or friend",
    "partner": "domestic: by a partner or ex-partner",
    "family": "domestic: by another member of the family",
    "child": "against a child, by an adult of the household",
}
PLACE = {
    "street": "street or other public place",
    "licensed": "licensed premises",
    "own_home": "the victim's home",
    "other_home": "somebody else's home",
    "school": "school",
    "other": "elsewhere",
}
INJURY = {"none": "no injury", "minor": "minor injury", "wounding": "wounding"}
WEAPON = {
    "none": "fist, foot or head",
    "blunt": "blunt object",
    "glass": "glass or bottle",
    "sharp": "knife or other sharp object",
    "other": "other",
}
POLICE_STATUS = {
    "never_reported": "no report reached the police",
    "not_recorded": "reported, but no occurrence was recorded",
    "recorded": "an occurrence was recorded",
}
NAME_CAUSE = {"birth": "the name given first", "marriage": "changed on marriage", "deed": "by deed"}
ADDRESS_CAUSE = {"start": "lived there when the study began", "move": "moved there"}
RELATION = {"partner": "partner", "parent": "parent of the other", "child": "child of the other"}

OFFENCES = {
    "8N": "Assault with injury (s.20 wounding or s.47 ABH)",
    "5D": "Assault with intent to cause serious harm (s.18)",
    "105A": "Assault without injury",
    "11A": "Cruelty to children or young persons",
    "8L": "Harassment",
    "28E": "Burglary",
    "45": "Theft from a vehicle",
    "49": "Other theft",
    "58A": "Criminal damage",
}

READ_CODES = {
    "TL...": "Homicide and injury purposely inflicted by other persons",
    "14X8.": "Victim of domestic abuse",
    "13IF.": "Child at risk",
    "H05z.": "Upper respiratory infection",
    "246..": "Blood pressure reading",
}

CONCERN = {"injury": "unexplained injury", "home": "trouble at home", "other": "other"}
