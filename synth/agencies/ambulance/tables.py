"""The tables of the ambulance service: incidents as control takes them, and the crews' patients."""

from __future__ import annotations

from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema.codes import NHS_SEX, PLACE
from darkfigure.synth.schema.health import SITES
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import (
    CODE,
    FLAG,
    ISO_DATE,
    SMALL,
    TEXT,
    TIME,
    Column,
    Table,
)

PRIORITY = {
    "red": "immediately life-threatening",
    "amber": "serious, not immediately life-threatening",
    "green": "neither serious nor life-threatening",
}
STOP = {
    "conveyed": "taken to an emergency department",
    "refused": "the patient refused treatment or transport",
    "treated": "treated at the scene and left there",
    "referred": "referred to a practice or another service",
    "police": "left with the police",
    "dead": "found dead, or died at the scene",
    "no_patient": "no patient at the scene",
    "cancelled": "cancelled before a crew arrived",
}


def _listed(name: str, meaning: str) -> Column:
    return Column(name, CODE, meaning, meanings("ambulance_codes", of=name))


INCIDENTS = Table(
    "ambulance",
    "incidents",
    "an emergency call that the service took on",
    ("incident_no",),
    (
        Column("incident_no", TEXT, "number of the incident"),
        Column("called_at", TIME, "when the call was connected"),
        _listed("caller", "who called, and by what way"),
        Column("priority", CODE, "priority given to the call", PRIORITY),
        _listed("determinant", "code of the dispatch protocol (MPDS): protocol, level, number"),
        Column("location_type", CODE, "kind of place", PLACE),
        Column("location_text", TEXT, "where, as the caller told it"),
        Column("location_postcode", TEXT, "postcode of the place, if the caller knew it"),
        Column("lsoa_code", CODE, "where (LSOA 2021), by the grid reference"),
        Column("allocated_at", TIME, "when a crew was allocated"),
        Column("on_scene_at", TIME, "when the first crew arrived"),
        Column("left_scene_at", TIME, "when the crew left the scene"),
        Column("at_hospital_at", TIME, "when the crew arrived at the hospital"),
        Column("handover_at", TIME, "when the patient was handed over"),
        Column("stop", CODE, "how it ended", STOP),
        Column(
            "police_on_scene", FLAG, "the police were there; empty where the crew noted nothing"
        ),
    ),
)
PATIENTS = Table(
    "ambulance",
    "patients",
    "a patient record that a crew opened",
    ("patient_no",),
    (
        Column("patient_no", TEXT, "number of the record: incident and patient"),
        Column("incident_no", TEXT, "incident"),
        Column("patient", SMALL, "number of the patient in the incident"),
        Column("opened_at", TIME, "when the record was opened"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "forename",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "ethnic_group": "ethnicity",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
            },
            dates=ISO_DATE,
            sex=NHS_SEX,
        ),
        Column("age_years", SMALL, "age as told, or as the crew estimated it"),
        Column("age_estimated", FLAG, "the age is the crew's estimate"),
        _listed("impression", "what the crew thought it was"),
        _listed("mechanism", "how an injury came about"),
        _listed("conscious", "level of consciousness (ACVPU)"),
        Column("assault", FLAG, "noted as an assault; empty where nothing was noted"),
        Column("alcohol", FLAG, "noted that the patient had been drinking"),
        Column("site_code", CODE, "hospital site to which the patient was taken", SITES),
        Column("ed_attendance_no", TEXT, "the department's number, where the crew noted it"),
        Column("note", TEXT, "what the crew wrote of the patient", prose=True),
    ),
)
