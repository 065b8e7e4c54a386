"""Laws of custody records, charges, hearings and protective orders."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_OF_CASES = "JOIN police_occurrences USING (occurrence_no, force)"
_CUSTODY = f"police_custody {_OF_CASES} JOIN police_nominals USING (nominal_ref, force)"
_CHARGES = f"police_charges {_OF_CASES} JOIN police_nominals USING (nominal_ref, force)"
_HEARINGS = """police_hearings JOIN police_charges USING (charge_no, force)
    JOIN police_nominals USING (nominal_ref, force)"""
_ORDERS = f"police_orders {_OF_CASES}"
_ARRESTED = """police_charges JOIN (
        SELECT occurrence_no, nominal_ref, force, arrested_at, detained_at FROM police_custody
    ) USING (occurrence_no, nominal_ref, force)"""
_WHO = """(SELECT force, record_id AS nominal_ref, death_date FROM people_of_forces('police'))
    USING (nominal_ref, force)"""
_PACE = "Police and Criminal Evidence Act 1984"
_DVPO = "Crime and Security Act 2010, sections 24 to 30"
_ON_BAIL = "release = 'bail'"
_REFORM = "DATE '2022-10-28'"

LAWS = (
    Law(
        name="arrest_after_report",
        says="Nobody is arrested for what nobody has reported.",
        among=_CUSTODY,
        broken="arrested_at < reported_at",
        source="assumed",
    ),
    Law(
        name="detention_order",
        says="Detention begins after the arrest and ends after it began.",
        among=_CUSTODY,
        broken="detained_at < arrested_at OR released_at < detained_at",
        source=_PACE,
    ),
    Law(
        name="detention_36_hours",
        says="Nobody is held for more than 36 hours before charge.",
        among=_CUSTODY,
        where="release <> 'charged'",
        broken="released_at > detained_at + INTERVAL 36 HOUR",
        source=f"{_PACE}, section 42",
    ),
    Law(
        name="charged_within_36_hours",
        says="Who is charged in detention is charged within 36 hours.",
        among=_ARRESTED,
        where="charged_how = 'custody'",
        broken="charged_at > detained_at + INTERVAL 36 HOUR",
        source=f"{_PACE}, section 42",
    ),
    Law(
        name="detention_24_hours",
        says="Nobody is held for more than 24 hours without authority, but after a charge.",
        among="police_custody",
        where="release <> 'charged' AND extended = false",
        broken="released_at > detained_at + INTERVAL 24 HOUR",
        source=f"{_PACE}, section 41",
    ),
    Law(
        name="appropriate_adult",
        says="An appropriate adult is called for whoever is under 18.",
        among=_CUSTODY,
        where="age(dob, detained_at) BETWEEN 0 AND 17",
        broken="NOT appropriate_adult",
        source=f"{_PACE}, Code C",
    ),
    Law(
        name="custody_age",
        says="Nobody under ten is in custody.",
        among=_CUSTODY,
        broken="age(dob, occurred_at) < 10",
        source="Children and Young Persons Act 1933, section 50",
    ),
    Law(
        name="bail_has_a_day",
        says="Bail before charge has a day to return, and nothing else has.",
        among=_CUSTODY,
        broken=f"({_ON_BAIL}) <> (bail_until IS NOT NULL)",
        source=f"{_PACE}, section 47",
    ),
    Law(
        name="bail_after_release",
        says="Nobody returns on bail before release.",
        among=_CUSTODY,
        broken="bail_until < released_at::DATE",
        source="well known",
    ),
    Law(
        name="bail_28_days",
        says="Bail before charge was for 28 days at most, until 27 October 2022.",
        among=_CUSTODY,
        where=f"released_at < {_REFORM}",
        broken="bail_until > released_at::DATE + 28",
        source="Policing and Crime Act 2017",
    ),
    Law(
        name="bail_three_months",
        says="Bail before charge is for three months at most at first.",
        among=_CUSTODY,
        broken="bail_until > released_at::DATE + 92",
        source="Police, Crime, Sentencing and Courts Act 2022",
    ),
    Law(
        name="charge_after_arrest",
        says="Nobody is charged before the arrest.",
        among=_ARRESTED,
        broken="charged_at < arrested_at",
        source="well known",
    ),
    Law(
        name="charge_after_report",
        says="Nobody is charged before the report.",
        among=_CHARGES,
        broken="charged_at < reported_at",
        source="well known",
    ),
    Law(
        name="charge_of_crime",
        says="A charge stands beside a crime whose outcome is a charge.",
        among=_CHARGES,
        broken="outcome_code IS DISTINCT FROM '1'",
        source="Home Office crime outcomes framework",
    ),
    Law(
        name="charge_age",
        says="Nobody under ten is charged.",
        among=_CHARGES,
        broken="age(dob, occurred_at) < 10",
        source="Children and Young Persons Act 1933, section 50",
    ),
    Law(
        name="outcome_has_charge",
        says="A crime whose outcome is a charge has one, three days later at the latest of all.",
        among="""police_occurrences
            LEFT JOIN (SELECT DISTINCT occurrence_no, force, charge_no FROM police_charges)
                USING (occurrence_no, force), study""",
        where="""outcome_code = '1' AND coalesce(owner, force) = force
            AND reported_at::DATE + 3 < start_date + (365 * years)::INTEGER""",
        broken="charge_no IS NULL",
        source="Home Office crime outcomes framework",
    ),
    Law(
        name="charge_before_death",
        says="Nobody is charged, or heard by a court, after death.",
        among=f"police_charges JOIN {_WHO}",
        broken="charged_at::DATE > death_date OR ended_on > death_date",
        source="well known",
    ),
    Law(
        name="first_hearing_open",
        says="First hearings are on working days, of people in custody also on Saturdays.",
        among=_CHARGES,
        broken="""(closed(first_hearing_on))
            AND NOT (after_charge = 'remanded' AND isodow(first_hearing_on) = 6)""",
        source="assumed",
    ),
    Law(
        name="remand_next_court",
        says="Who is kept in custody comes before a court within five days.",
        among=_CHARGES,
        where="after_charge = 'remanded'",
        broken="first_hearing_on NOT BETWEEN charged_at::DATE AND charged_at::DATE + 5",
        source=f"{_PACE}, section 46",
    ),
    Law(
        name="hearing_not_sunday",
        says="No court sits on a Sunday.",
        among=_HEARINGS,
        broken="isodow(heard_on) = 7",
        source="well known",
    ),
    Law(
        name="hearing_open",
        says="Courts sit on working days, but for first hearings on Saturdays.",
        among=_HEARINGS,
        broken="(closed(heard_on)) AND NOT (hearing = 'first' AND isodow(heard_on) = 6)",
        source="assumed",
    ),
    Law(
        name="hearing_after_charge",
        says="No court hears a charge before it is brought.",
        among=_HEARINGS,
        broken="heard_on < charged_at::DATE",
        source="well known",
    ),
    Law(
        name="first_hearing_as_listed",
        says="The first hearing is on the day it was listed for.",
        among=_HEARINGS,
        where="hearing = 'first'",
        broken="heard_on <> first_hearing_on",
        source="assumed",
    ),
    Law(
        name="hearing_before_end",
        says="No hearing follows the end of a case.",
        among=_HEARINGS,
        broken="heard_on > ended_on",
        source="well known",
    ),
    Law(
        name="youth_court_age",
        says="No youth court begins to hear somebody of 18.",
        among=_HEARINGS,
        where="court_level = 'youth' AND hearing = 'first'",
        broken="age(dob, heard_on) >= 18",
        source="Children and Young Persons Act 1933, section 45",
    ),
    Law(
        name="murder_tried",
        says="No magistrates try a murder.",
        among=_HEARINGS,
        where="charge_code = '1' AND hearing <> 'first'",
        broken="court_level <> 'crown'",
        source="well known",
    ),
    Law(
        name="case_result",
        says="A case that has ended has a result, one before a court none.",
        among=_CHARGES,
        broken="(ended_on IS NULL) <> (result IS NULL)",
        source="well known",
    ),
    Law(
        name="sentence_of_guilty",
        says="Nobody is sentenced who is not guilty.",
        among=_CHARGES,
        where="sentence IS NOT NULL",
        broken="result NOT IN ('guilty_plea', 'found_guilty')",
        source="well known",
    ),
    Law(
        name="order_after_occurrence",
        says="No order comes before the occurrence that it follows.",
        among=_ORDERS,
        broken="made_on < reported_at::DATE",
        source="well known",
    ),
    Law(
        name="order_ends_later",
        says="No order ends before it was made.",
        among=_ORDERS,
        broken="expires_on < made_on",
        source="well known",
    ),
    Law(
        name="order_of_two",
        says="Nobody is protected from themselves.",
        among="police_orders JOIN police_nominals ON protected_ref = nominal_ref "
        "AND police_orders.force = police_nominals.force",
        broken="protected_ref = restrained_ref",
        source="well known",
    ),
    Law(
        name="notice_age",
        says="A notice restrains nobody under 18.",
        among="police_orders JOIN police_nominals ON restrained_ref = nominal_ref "
        "AND police_orders.force = police_nominals.force",
        where="order_kind IN ('dvpn', 'dvpo')",
        broken="age(dob, made_on) < 18",
        source=_DVPO,
    ),
    Law(
        name="police_order_length",
        says="A domestic violence protection order lasts 14 to 28 days.",
        among=_ORDERS,
        where="order_kind = 'dvpo'",
        broken="expires_on - made_on NOT BETWEEN 14 AND 28",
        source=_DVPO,
    ),
    Law(
        name="police_order_after_notice",
        says="It follows a notice, which holds until the court has decided.",
        among="""police_orders LEFT JOIN (
            SELECT occurrence_no, force, expires_on AS heard_on FROM police_orders
            WHERE order_kind = 'dvpn'
        ) USING (occurrence_no, force)""",
        where="order_kind = 'dvpo'",
        broken="heard_on IS DISTINCT FROM made_on",
        source=_DVPO,
    ),
    Law(
        name="police_order_not_sunday",
        says="No court makes an order on a Sunday.",
        among=_ORDERS,
        where="order_kind <> 'dvpn'",
        broken="isodow(made_on) = 7",
        source=_DVPO,
    ),
    Law(
        name="molestation_known",
        says="No non-molestation order is between strangers.",
        among="""police_orders JOIN (
            SELECT occurrence_no, force, nominal_ref AS restrained_ref, relationship
            FROM police_occurrence_nominals WHERE role = 'suspect'
        ) USING (occurrence_no, force, restrained_ref)""",
        where="order_kind = 'nmo'",
        broken="relationship = 'stranger'",
        source="Family Law Act 1996, section 62",
    ),
    Law(
        name="stalking_order_length",
        says="A stalking protection order lasts two years at least.",
        among=_ORDERS,
        where="order_kind = 'spo'",
        broken="expires_on < made_on + 730",
        source="Stalking Protection Act 2019, section 3",
    ),
    Law(
        name="restraining_order_of_case",
        says="A restraining order is made on the day on which its case ends.",
        among="police_orders JOIN police_charges USING (charge_no, force)",
        broken="made_on <> ended_on",
        source="Sentencing Act 2020, section 360",
    ),
    Law(
        name="breach_after_order",
        says="Nobody breaks an order before it is made.",
        among="""police_order_breaches JOIN police_occurrences USING (occurrence_no, force)
            JOIN (SELECT order_no, force, made_on FROM police_orders) USING (order_no, force)""",
        broken="reported_at::DATE < made_on",
        source="well known",
    ),
)
