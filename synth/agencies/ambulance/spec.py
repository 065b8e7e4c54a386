"""What a scenario may say of the ambulance service."""

from __future__ import annotations

from darkfigure.synth.agencies.framework.handwriting import Handwriting
from darkfigure.synth.core.spec import Amount, Positive, Rate, Spec


class ResponseMinutes(Spec):
    """Medians of one priority, in minutes; assumed, as are the spreads."""

    allocation: Positive
    """From the call to the allocation of a crew."""
    response: Positive
    """From the call to the first crew's arrival."""
    response_p90: Positive
    """From the call to the first crew's arrival, the slowest tenth."""
    on_scene: Positive
    """From the arrival to leaving."""


class FieldGaps(Spec):
    """Shares of patients after violence of whom a field is empty; assumed."""

    location_type: Rate = 0.30
    lsoa: Rate = 0.02
    on_scene: Rate = 0.03
    left_scene: Rate = 0.05
    age: Rate = 0.05
    impression: Rate = 0.10
    mechanism: Rate = 0.25
    conscious: Rate = 0.06
    assault: Rate = 0.30
    alcohol: Rate = 0.35
    police_on_scene: Rate = 0.30
    ed_attendance: Rate = 0.45
    """Of those who were conveyed: the crew's record was linked later by nobody."""


class CrewNotes(Spec):
    """Free text of crews; assumed."""

    hand: Handwriting = Handwriting(upper_rate=0.12, lower_rate=0.12, slip_rate=0.003)
    written_rate: Rate = 0.9
    """Records with a note."""
    discloses_rate: Rate = 0.4
    """Notes that tell of an assault, of those of violence that is not coded as one."""
    contradicts_rate: Rate = 0.05
    """Notes of assaults that call the offender something else, and notes about drink that say the
    opposite of the code."""


class AmbulanceService(Spec):
    """Calls and record keeping of the ambulance service; assumed unless a source is named."""

    not_conveyed_a_year: Amount = 0.05
    """Calls a person and year, for other reasons than violence, that end without a journey."""
    fruitless_rate: Rate = 0.045
    """Share of acts of violence with an injury, and without a patient for a crew, after which
    somebody calls: no patient is found, or the call is cancelled."""
    cancelled_share: Rate = 0.7
    """Share of such calls that are cancelled before a crew arrives."""
    red: ResponseMinutes = ResponseMinutes(allocation=1, response=8, response_p90=19, on_scene=26)
    amber: ResponseMinutes = ResponseMinutes(
        allocation=3, response=55, response_p90=260, on_scene=34
    )
    green: ResponseMinutes = ResponseMinutes(
        allocation=4, response=140, response_p90=600, on_scene=38
    )
    journey_urban_minutes: Positive = 14
    journey_rural_minutes: Positive = 37
    handover_minutes: Positive = 60
    """Median; with its spread nearly half take more than an hour, as in 2022 and 2023."""
    estimated_age_rate: Rate = 0.12
    """Share of patients after violence whose age is only estimated."""
    second_record_rate: Rate = 0.02
    """Share of patients of whom a second crew opens a record of its own."""
    gaps: FieldGaps = FieldGaps()
    notes: CrewNotes = CrewNotes()
