"""Code lists that several tables share: each code with its meaning."""

from __future__ import annotations

from darkfigure.synth.reference import load

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
ETHNIC_BACKGROUND = {
    "british": "White: English, Welsh, Scottish, Northern Irish or British",
    "irish": "White: Irish",
    "traveller": "White: Gypsy or Irish Traveller",
    "roma": "White: Roma",
    "other_white": "White: other",
    "indian": "Asian: Indian",
    "pakistani": "Asian: Pakistani",
    "bangladeshi": "Asian: Bangladeshi",
    "chinese": "Asian: Chinese",
    "other_asian": "Asian: other",
    "african": "Black: African",
    "caribbean": "Black: Caribbean",
    "other_black": "Black: other",
    "white_and_caribbean": "Mixed: White and Black Caribbean",
    "white_and_african": "Mixed: White and Black African",
    "white_and_asian": "Mixed: White and Asian",
    "other_mixed": "Mixed: other",
    "arab": "Other: Arab",
    "any_other": "Other: any other",
}
# The index of each background's ethnic group.
GROUP_OF_BACKGROUND = tuple(
    list(ETHNIC_GROUP).index(meaning.split(":")[0]) for meaning in ETHNIC_BACKGROUND.values()
)
# ISO 639-1. Two related languages share a code where people of one tradition speak either.
LANGUAGE = {
    "en": "English",
    "cy": "Welsh",
    "pl": "Polish",
    "ro": "Romanian",
    "pt": "Portuguese",
    "bg": "Bulgarian",
    "sk": "Slovak or Czech",
    "hu": "Hungarian",
    "it": "Italian",
    "es": "Spanish",
    "de": "German",
    "fr": "French",
    "uk": "Ukrainian or Russian",
    "pa": "Panjabi",
    "hi": "Hindi",
    "ml": "Malayalam",
    "ta": "Tamil",
    "gu": "Gujarati",
    "ur": "Urdu",
    "bn": "Bengali",
    "zh": "Chinese",
    "tl": "Tagalog",
    "ne": "Nepali",
    "si": "Sinhala",
    "vi": "Vietnamese",
    "th": "Thai",
    "fa": "Persian or Dari",
    "ja": "Japanese or Korean",
    "yo": "Yoruba",
    "ig": "Igbo",
    "sn": "Shona",
    "ti": "Tigrinya or Amharic",
    "ar": "Arabic",
    "so": "Somali",
    "ku": "Kurdish",
    "tr": "Turkish",
}
HOME = {
    "private": "household",
    "care_home": "care home",
    "student_hall": "hall of residence",
    "prison": "prison",
    "hostel": "hostel",
    "no_fixed_abode": "no fixed abode",
    "outside_wales": "outside Wales: a visitor",
}
VIOLENCE = {
    "stranger": "assault by a stranger",
    "acquaintance": "assault by an acquaintance or friend",
    "partner": "domestic: assault by a partner or ex-partner",
    "family": "domestic: assault by another member of the family",
    "child": "against a child, by an adult of the household",
    "night": "assault in or around the night-time economy",
    "robbery": "robbery",
    "work": "assault at work",
    "school": "assault by another pupil",
    "harassment": "threats, stalking, harassment or control, without assault",
}
RELATIONSHIP = {
    "stranger": "a stranger",
    "acquaintance": "an acquaintance or friend",
    "work": "known through work",
    "partner": "partner",
    "ex_partner": "former partner",
    "family": "another member of the family",
    "parent": "parent or carer of a child",
}
DOMESTIC = ("partner", "ex_partner", "family")
PLACE = {
    "street": "street or other public place",
    "licensed": "licensed premises",
    "own_home": "the victim's home",
    "other_home": "somebody else's home",
    "school": "school",
    "other": "elsewhere",
}
SITE_KIND = {
    "home": "a private home or a communal one",
    **{kind: kind.replace("_", " ") for kind in load("place_kinds")["kind"].to_pylist()},
    "outside_wales": "anywhere outside Wales",
}
INJURY = {"none": "no injury", "minor": "minor injury", "wounding": "wounding"}
SEVERITY = {
    "none": "no injury",
    "minor": "minor: bruise or graze",
    "moderate": "moderate: a cut to be closed, a tooth, a sprain, a light concussion",
    "serious": "serious: a fracture, a deep wound, loss of consciousness",
    "life_threatening": "life-threatening",
    "fatal": "fatal",
}
EVENT_ROLE = {"offender": "harms", "bystander": "looks on and is known to the victim"}
WEAPON = {
    "none": "no weapon but fist, foot or head",
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
HOW_REPORTED = {
    "victim": "the victim called",
    "third_party": "somebody else called",
    "agency": "another agency told the police",
    "officer": "an officer came upon it",
}
# After the list of reasons that the Crime Survey for England and Wales offers.
NOT_REPORTED_REASON = {
    "trivial": "too trivial to be worth reporting",
    "private": "a private or family matter",
    "dealt_with": "dealt with by the victim or those around",
    "police_could_not": "police could or would not have done anything",
    "fear": "fear of reprisal",
    "dislike": "dislike or fear of the police",
    "ashamed": "too ashamed, or afraid not to be believed",
    "protect": "to protect the offender, the children or the household",
    "other_authority": "told another authority instead",
    "part_of_job": "part of the job",
}
NAME_CAUSE = {
    "birth": "the name given first",
    "marriage": "changed on marriage",
    "deed": "by deed",
    "separation": "taken back on separation",
    "step": "known by the step-family's surname",
    "adoption": "given by the parents who adopted the child",
    "gender": "taken to live in another gender",
}
IDENTIFIER_CAUSE = {
    "birth": "registered first",
    "gender": "registered in another gender",
    "adoption": "registered anew on adoption",
    "second_number": "given a second number, since the first was not found",
    "confused": "taken for another of the household, whose number stands in the records",
    "mended": "the first number holds again",
}
# In this order: who belongs to several is counted with the first where there is room for one.
HARD_CASE = {
    "gender": "lives in another gender since the histories began, under a new forename",
    "adoption": "adopted since the histories began, with a new surname and NHS number",
    "confused_number": "taken for another of the household, whose NHS number stood in records",
    "two_numbers": "had two NHS numbers for a time",
    "given_birthday": "has the birthday of 1 January that the authorities set",
    "refugee": "came as a refugee, with a name that each agency spells its own way",
    "traveller": "Gypsy or Irish Traveller",
    "alias": "has given a false name or date of birth",
    "deed": "changed a name by deed",
    "registered_twice": "stands on two lists of patients",
    "lives_on": "died or left Wales, and is still on a list of patients",
    "two_homes": "lives in two homes, or has moved to study",
    "middle_name": "goes by the middle name",
}
ADDRESS_CAUSE = {
    "start": "lived there when the history began",
    "move": "moved there with the household",
    "birth": "born into the household",
    "left_home": "moved out alone",
    "separation": "moved out on separation",
    "term": "moved to study",
    "arrival": "came from outside Wales",
    "departure": "left Wales",
    "couple": "moved in with a partner",
}
VITAL_EVENT = {
    "birth": "a child is born",
    "maternity": "a woman gives birth, to one child or several",
    "multiple_maternity": "a woman gives birth to several children at once",
    "death": "a person dies",
    "departure": "a person leaves Wales",
    "arrival": "a person comes to Wales",
    "arrival_before": "a person aged one or over came from abroad in the year before the study",
    "separation": "a couple that lived together parts",
}
RELATION = {
    "partner": "partner",
    "parent": "parent of the other",
    "child": "child of the other",
    "step_parent": "lives with a parent of the other, who has another",
    "step_child": "child of the person with whom the other lives",
    "sibling": "brother or sister",
    "half_sibling": "brother or sister with another father",
    "twin": "born of the same birth",
    "grandparent": "grandparent of the other",
    "grandchild": "grandchild of the other",
    "former_partner": "former partner, and parent of the same child",
}


CONCERN = {"injury": "unexplained injury", "home": "trouble at home", "other": "other"}

ROW_FAULT = {
    "duplicate": "repeats another record of the same person in the same system",
    "merged": "holds two people as one",
    "copied": "stands on the record of somebody whom it is not about",
    "late": "entered days after the event, with what was known by then",
    "amended": "corrected after it was entered, with what was known by then",
    "unknown_patient": "opened under a stand-in, since nobody knew who it was",
    "baby_name": "opened for a baby without a name",
}

# What a free text may mention.
MENTION = {
    "person": "name of a person",
    "place": "premises, street, town or organisation",
    "address": "somebody's address",
    "date": "day, or date of birth",
    "time": "time of day",
    "telephone": "telephone number",
    "identifier": "number of an officer, a log or a record",
}
TEXT_LANGUAGE = {"en": "English", "cy": "Welsh"}
