"""The table of emergency departments."""

from __future__ import annotations

from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema.codes import NHS_SEX, PLACE
from darkfigure.synth.schema.health import ED_SITES
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import CODE, FLAG, ISO_DATE, TEXT, TIME, Column, Table

# The national code for assault is not confirmed, so a scenario may say which it is.
ATTENDANCE_GROUP = {
    "11": "assault, unless the scenario says otherwise",
    "12": "other accident",
    "13": "deliberate self-harm",
    "14": "road traffic collision",
    "15": "sports injury",
    "16": "assault, in scenarios that say so",
    "17": "assault, in scenarios that say so",
    "20": "illness",
}
ATTENDANCE_CATEGORY = {
    "1": "new",
    "2": "planned follow-up",
    "3": "unplanned follow-up",
}
ASSAULT_METHOD = {
    "body_part": "fist, foot, head or other part of the body",
    "push": "push",
    "blunt": "blunt object",
    "sharp": "knife or other sharp object",
    "glass": "glass or bottle",
    "firearm": "firearm",
    "other": "other; see the description",
}
ED_DISPOSAL = {
    "discharged": "discharged",
    "admitted": "admitted to hospital",
    "transferred": "transferred to another hospital",
    "left": "left before treatment was finished",
    "died": "died in the department",
}


def _listed(name: str, meaning: str, *, of: str | None = None) -> Column:
    return Column(name, CODE, meaning, meanings("ed_codes", of=of or name.removesuffix("_code")))


ED_ATTENDANCES = Table(
    "ed",
    "attendances",
    "an attendance at an emergency department",
    ("attendance_no",),
    (
        Column("attendance_no", TEXT, "the department's number for the attendance"),
        Column("site_code", CODE, "hospital site", ED_SITES),
        Column("arrived_at", TIME, "arrival (EDDS administrative arrival)"),
        Column("left_at", TIME, "end of the attendance (EDDS administrative end)"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "forename",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "ethnic_group": "ethnic_category",
                "house": "address_1",
                "street": "address_2",
                "town": "address_3",
                "postcode": "postcode",
                "telephone": "telephone",
            },
            dates=ISO_DATE,
            sex=NHS_SEX,
        ),
        _listed("arrival_mode", "how the patient came"),
        Column("ambulance_incident_no", TEXT, "the ambulance service's number, if one came"),
        Column("attendance_category", CODE, "new or follow-up", ATTENDANCE_CATEGORY),
        Column(
            "attendance_group",
            CODE,
            "reason for the attendance; the codes are assumed",
            ATTENDANCE_GROUP,
        ),
        _listed("injury_mechanism", "how an injury came about", of="mechanism"),
        _listed("injury_activity", "what the injured was doing", of="activity"),
        _listed("injury_place", "where an injury came about"),
        Column("alcohol", FLAG, "noted that the patient had been drinking"),
        _listed("triage_category", "urgency, 1 is highest", of="triage"),
        _listed("diagnosis_code", "first diagnosis"),
        _listed("anatomical_area_code", "part of the body"),
        _listed("treatment_code", "first treatment"),
        Column("assault_location_type", CODE, "where the assault was (ISTV)", PLACE),
        Column(
            "assault_location_text",
            TEXT,
            "where the assault was, as the clerk wrote it (ISTV)",
            prose=True,
        ),
        Column("assault_method", CODE, "how the patient was assaulted (ISTV)", ASSAULT_METHOD),
        Column("assault_method_text", TEXT, "description of another method (ISTV)"),
        Column("assaulted_at", TIME, "when the assault was (ISTV)"),
        Column("disposal", CODE, "what became of the patient", ED_DISPOSAL),
        Column("triage_note", TEXT, "what the nurse wrote at triage", prose=True),
    ),
)
