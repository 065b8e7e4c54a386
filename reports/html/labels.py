"""The names of codes, fields, sources and linkers on the page."""

from __future__ import annotations

from collections.abc import Collection

from darkfigure.linkage_eval.metrics.registry import known_metrics
from darkfigure.reports.html.formats import listing
from darkfigure.synth import schema
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.entry.table import FAULTS

_LINKERS = {
    "exact": "exact matching",
    "stepwise": "stepwise matching",
    "splink": "Splink",
}
_KINDS = {
    "sex": "Sex",
    "age_band": "Age",
    "ethnic_group": "Ethnic group",
    "deprivation_quintile": "Deprivation of the neighbourhood (WIMD fifth)",
    "welsh_name": "Surname",
    "hard_case": "Identity that is hard to follow (the rarest reason, if several)",
}
_STRATA = {
    "sex": {"F": "female", "M": "male"},
    "deprivation_quintile": {
        "1": "1 (most deprived)",
        "2": "2",
        "3": "3",
        "4": "4",
        "5": "5 (least deprived)",
    },
    "welsh_name": {"yes": "Welsh type", "no": "other"},
    "hard_case": {name: name.replace("_", " ") for name in ("none", *schema.HARD_CASE)},
}
_PHRASES = {
    "age_band": "those aged {}",
    "ethnic_group": "the ethnic group {}",
    "deprivation_quintile": "deprivation fifth {}",
    "welsh_name": "those whose kind of surname is {}",
    "sex": "those whose sex is {}",
    "hard_case": "those with the hard case {}",
}
_GROUPS = {
    ("sex", "female"): "women and girls",
    ("sex", "male"): "men and boys",
    ("welsh_name", "Welsh type"): "people with Welsh surnames",
    ("welsh_name", "other"): "people with other surnames",
    ("hard_case", "none"): "people without a hard case",
}
# Causes of which the field is the object: "stale postcode", not "stale in postcode".
_ADJECTIVES = {"stale", "missing", "changed", "different"}
_CLOSED = "closed to every method by the kernel ({})"
_OPEN = "open: the methods were trusted, and nothing kept them from reading it"
_CAUSES = {
    "none": "no fault",
    "missing": "missing value",
    "day_month_swapped": "day and month swapped",
}
_KIN = {
    "twin": "twins",
    "sibling": "brother or sister",
    "half_sibling": "half-brother or half-sister",
    "step_parent": "step-parent and step-child",
    "step_child": "step-parent and step-child",
    "parent": "parent and child",
    "child": "parent and child",
    "partner": "partners",
    "former_partner": "former partners",
    "grandparent": "grandparent and grandchild",
    "grandchild": "grandparent and grandchild",
    "unrelated": "no kin of each other",
}
_CODES = {
    "sex": {**schema.SEX, **schema.POLICE_SEX, **schema.NHS_SEX},
    "ethnic_group": schema.ETHNIC_GROUP,
}
_STRATEGIES = {"clear": "clear: every identity field as the source wrote it"}


def metric(name: str) -> str:
    """Name a metric of the library."""
    return known_metrics()[name].label


def heading(name: str) -> str:
    """Name a metric of the library at the head of a column, with the direction that is better."""
    return known_metrics()[name].heading


def linker(name: str) -> str:
    """Name a linkage method, with its options in brackets."""
    plain, bracket, options = name.partition("(")
    known = _LINKERS.get(plain, plain)
    return f"{known} ({options}" if bracket else known


def strategy(name: str) -> str:
    """Name a sharing strategy."""
    return _STRATEGIES.get(name, name)


def kin(relation: str) -> str:
    """Name what the two people of a false link are to each other."""
    return _KIN.get(relation, relation)


def holds(source_name: str, field_name: str) -> bool:
    """Say whether a source has a column for a field; an unknown source may have any."""
    tables = [
        table
        for name, table in schema.SUBJECTS.items()
        if source_name in (name, name.partition("/")[0])
    ]
    return not tables or any(field_name in table.fields for table in tables)


def code(field_name: str, value: str) -> str:
    """Give the meaning of a source's code, so that the codes of two sources can be compared."""
    return _CODES.get(field_name, {}).get(value, value)


def source(name: str) -> str:
    """Name the records of a source, such as "pupils in the school census"."""
    agency = schema.AGENCIES.get(name)
    return (agency and agency.records) or name.replace("_", " ")


def system(name: str) -> str:
    """Name the system of a source, such as "police/gwent"."""
    agency_name, _, force = name.partition("/")
    agency = schema.AGENCIES.get(agency_name)
    if agency is None or (agency.common and not force):
        return name.replace("_", " ").capitalize()
    return agency.label.format(force=schema.FORCES.get(force, force))


def the_system(source_name: str) -> str:
    """Name the system of a source inside a sentence: "the emergency department"."""
    name = system(source_name)
    if "/" in source_name:
        return name
    proper = name[:2].isupper() or name.startswith("Police National")
    return f"the {name if proper else name[:1].lower() + name[1:]}"


def task(name: str) -> str:
    """Write a task such as "ed-police" as a question."""
    left, _, right = name.partition("-")
    if not right:
        return f"Which records of {source(left)} belong to the same person?"
    return f"Which {source(left)} belong to the same people as which {source(right)}?"


def side(name: str, *, right: bool) -> str:
    """Name one side of a task."""
    source_name = name.partition("-")[2 if right else 0] or name
    agency = schema.AGENCIES.get(source_name)
    return (agency and agency.short) or source_name.replace("_", " ").capitalize()


def kind(name: str) -> str:
    """Name a division of people."""
    return _KINDS.get(name, name.replace("_", " ").capitalize())


def stratum(kind_name: str, name: str) -> str:
    """Name a group of people."""
    names = _STRATA.get(kind_name, {})
    return names.get(name, names.get(name.lower(), name.replace("_", " ")))


def group(kind_name: str, name: str) -> str:
    """Name a group of people inside a sentence."""
    label = stratum(kind_name, name)
    if (kind_name, label) in _GROUPS:
        return _GROUPS[kind_name, label]
    return _PHRASES.get(kind_name, "{}").format(label)


_NUMBERS = {"nhs_number": "NHS number", "upn": "UPN"}


def field(name: str) -> str:
    """Name a part of an identity."""
    return _NUMBERS.get(name, name.replace("_", " "))


def cause(name: str) -> str:
    """Name a cause that stands between two records of one person: "keyboard slip in surname"."""
    if name in _CAUSES:
        return _CAUSES[name]
    fault, _, of = name.partition(" ")
    if of not in FIELDS:
        return name.replace("_", " ")
    between = " " if fault in _ADJECTIVES else " in "
    return f"{fault.replace('_', ' ')}{between}{field(of)}"


def why(name: str) -> str:
    """Describe the slip of a person that makes a fault; "" where it is not known."""
    fault = name.partition(" ")[0]
    if fault == "stale":
        return "it was true once"
    return next((fault_row.cause for fault_row in FAULTS if fault_row.name == fault), "")


def guards(names: Collection[str]) -> str:
    """Describe how the truth was closed to the linkers; the weakest guard counts."""
    if is_open(names):
        return _OPEN
    closed = listing([name.capitalize() for name in sorted(names) if "landlock" in name])
    return _CLOSED.format(closed) if closed else "not known to have been closed"


def is_open(names: Collection[str]) -> bool:
    """Tell whether the truth was open to any of the linkers.

    Runs of earlier versions say "audit" where only Python's own opening of files was refused.
    """
    return not {"trusted", "audit"}.isdisjoint(names)
