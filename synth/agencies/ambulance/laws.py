"""Laws of the records of the ambulance service."""

from __future__ import annotations

from itertools import pairwise

from darkfigure.synth.schema.law import Law

_CALLS = "ambulance_incidents"
_PATIENTS = "ambulance_patients JOIN ambulance_incidents USING (incident_no)"
_TIMES = (
    "called_at",
    "allocated_at",
    "on_scene_at",
    "left_scene_at",
    "at_hospital_at",
    "handover_at",
)

LAWS = (
    Law(
        name="ambulance_clock",
        says="A call, a crew, a scene, a hospital and a handover follow in this order.",
        among=_CALLS,
        broken=" OR ".join(f"{later} < {earlier}" for earlier, later in pairwise(_TIMES)),
        source="well known",
    ),
    Law(
        name="ambulance_no_hospital",
        says="Who was not taken to a hospital has no time there and no handover.",
        among=_CALLS,
        where="stop <> 'conveyed'",
        broken="at_hospital_at IS NOT NULL OR handover_at IS NOT NULL",
        source="well known",
    ),
    Law(
        name="ambulance_cancelled",
        says="No crew arrives on a call that was cancelled before.",
        among=_CALLS,
        where="stop = 'cancelled'",
        broken="on_scene_at IS NOT NULL",
        source="well known",
    ),
    Law(
        name="ambulance_dead_not_conveyed",
        says="Who died at the scene is not taken to a department.",
        among=_PATIENTS,
        where="stop = 'dead'",
        broken="site_code IS NOT NULL OR ed_attendance_no IS NOT NULL",
        source="well known",
    ),
    Law(
        name="ambulance_after_birth",
        says="No crew opens a record before its patient is born.",
        among="ambulance_patients",
        broken="opened_at::DATE < born(date_of_birth)",
        source="well known",
    ),
    Law(
        name="ambulance_before_death",
        says="No crew treats anybody days after death.",
        among="""ambulance_patients
            JOIN people_of('ambulance', 'patients') AS who ON record_id = patient_no""",
        broken="opened_at::DATE > death_date + 1",
        source="well known",
    ),
    Law(
        name="ambulance_department_number",
        says="A department's number stands only where a patient was brought to one.",
        among=_PATIENTS,
        where="ed_attendance_no IS NOT NULL",
        broken="stop <> 'conveyed'",
        source="well known",
    ),
    Law(
        name="ambulance_age",
        says="An age that was not estimated is right to the year.",
        among=_PATIENTS,
        where="NOT age_estimated AND born(date_of_birth) IS NOT NULL",
        broken="abs(age(date_of_birth, called_at) - age_years) > 1",
        source="well known",
    ),
    Law(
        name="ambulance_no_patient",
        says="Nobody is a patient where no patient was.",
        among=_PATIENTS,
        broken="stop IN ('no_patient', 'cancelled')",
        source="well known",
    ),
    Law(
        name="ambulance_drink_age",
        says="No crew notes drink of a child under ten.",
        among=_PATIENTS,
        where="alcohol",
        broken="age(date_of_birth, called_at) < 10",
        source="assumed",
    ),
)
