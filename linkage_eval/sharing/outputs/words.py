"""A strategy in plain words: who, what, in which form, when; for whoever reads no specification."""

from __future__ import annotations

from collections.abc import Iterator

from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.synth.schema import AGENCIES, FORCES

_AGENCIES = {
    "ed": "Emergency departments",
    "gp": "General practices",
    "hospital": "Hospitals",
    "child_health": "Health visitors",
    "police": "Police",
    "ppn": "Police, public protection",
    "social_care": "Children\u2019s services",
    "education": "Schools",
    "mash": "Safeguarding hub (MASH)",
    "marac": "High-risk meetings (MARAC)",
    "vpu": "Violence prevention unit",
    "csp": "Community safety partnership",
    "research": "Researchers",
    "ttp": "Trusted third party",
    "analyst": "Analysts",
    "public": "Anybody",
}
_HOLDINGS = {
    "ed/attendances": "attendances",
    "gp/events": "consultations",
    "gp/registrations": "lists of patients",
    "police/occurrences": "recorded crimes and incidents",
    "police/nominals": "people known to the police",
    "ppn/notifications": "notices about people at risk",
    "pnd/persons": "people known to any force",
    "social_care/child_protection": "register of children in need of protection",
    "education/concerns": "concerns about pupils",
}
_PERSON = {
    "surname": "names",
    "forename": "names",
    "middle_name": "names",
    "date_of_birth": "dates of birth",
    "sex": "sex",
    "house": "addresses",
    "street": "addresses",
    "town": "addresses",
    "postcode": "addresses",
    "ethnic_group": "ethnic group",
    "nhs_number": "NHS numbers",
}
_FIELDS = {
    "arrived_at": "time of arrival",
    "assault_location_text": "place as noted",
    "assault_location_type": "kind of place",
    "assault_method": "method",
    "assaulted_at": "time of the assault",
    "location_type": "kind of place",
    "lsoa_code": "neighbourhood",
    "occurred_at": "time of the event",
    "ppn_type": "kind of notice",
    "site_code": "department",
}
_UNITS = ((365.25, "year"), (365.25 / 12, "month"), (7.0, "week"), (1.0, "day"), (1 / 24, "hour"))
_NEARLY = 0.04  # from a whole number: sixty days are two months
_OFTEN = {"P1D": "every day", "P1W": "every week", "P1M": "every month", "P1Y": "every year"}


def agency_name(agency: str) -> str:
    """Name an agency of a strategy, such as "vpu:wales" or "police:*"."""
    kind, _, unit = agency.partition(":")
    if kind == "police" and unit in FORCES:
        return f"{FORCES[unit]} Police"
    known = AGENCIES.get(kind)
    label = known.label.replace("{force} ", "") if known else kind.replace("_", " ").capitalize()
    name = _AGENCIES.get(kind, label)
    return f"{name} ({unit})" if known and unit not in {"", "*"} else name


def holding_name(flow: Flow) -> str:
    """Name what a flow takes records from, such as "attendances"."""
    name = flow.source.holding_name
    return _HOLDINGS.get(name, flow.source.dataset.replace("_", " "))


def span(duration: str) -> str:
    """Write a duration such as "P10D" in words, in the longest unit that fits: "10 days"."""
    days = days_of(duration)
    whole = ((round(days / size), unit) for size, unit in _UNITS if _is_whole(days / size))
    number, unit = next(whole, (round(days, 1), "day"))
    return f"{number:,g} {unit}{'' if number == 1 else 's'}"


def _is_whole(number: float) -> bool:
    return round(number) >= 1 and abs(number - round(number)) < _NEARLY


def times(flow: Flow) -> str:
    """Write when a flow releases: its trigger, its delay and its meetings."""
    trigger = flow.trigger
    if trigger.kind == "schedule":
        text = _OFTEN.get(trigger.every, f"every {span(trigger.every)}")
    else:
        text = {"event": "as soon as it is recorded", "request": "when somebody asks"}[trigger.kind]
    if days_of(trigger.lag.median):
        text += f", {span(trigger.lag.median)} later"
    if trigger.queue is None:
        return text
    often = _OFTEN.get(trigger.queue.cadence, f"every {span(trigger.queue.cadence)}")
    most = f", {trigger.queue.capacity} cases at most" if trigger.queue.capacity else ""
    return f"{text}, then it waits for a meeting ({often}{most})"


def form(flow: Flow) -> str:
    """Write in which form a flow releases records: "counts, none below 5"."""
    said = flow.format.what.in_words(flow.format)
    if said:
        return said
    return "records with names" if flow.reads_persons else "records without names"


def carried(flow: Flow) -> str:
    """Write what a flow carries, identities in a word each."""
    holding = flow.source.holding
    if len(flow.fields) == len(holding.columns):
        return "everything that is recorded"
    fields = flow.format.by if flow.format.counts else flow.fields
    return ", ".join(dict.fromkeys(_field_words(flow, fields)))


def _field_words(flow: Flow, fields: tuple[str, ...]) -> Iterator[str]:
    identity = {column: field for field, column in flow.source.holding.identity.items()}
    for name in fields:
        if name in identity and flow.format.what.hides_identity:
            continue
        if name in identity:
            yield _PERSON.get(identity[name], identity[name].replace("_", " "))
        else:
            words = _FIELDS.get(name) or name.replace("_", " ")
            level = flow.generalise.get(name, "")
            yield f"{words} (by {level.replace('_', ' ')})" if level else words


def about(flow: Flow) -> str:
    """Name the records of a flow; a condition that nobody put in words stands as it is."""
    which = flow.about or flow.rows
    return f"{holding_name(flow)} ({which})" if which else holding_name(flow)
