"""Surnames, and forms of surnames, that only women have."""

from __future__ import annotations

from functools import cache

import pyarrow.compute as pc

from darkfigure.synth.names.bearers import GENERAL
from darkfigure.synth.reference import load

# Share of women with one of these for a surname, by tradition; assumed.
OWN_SURNAMES = {
    "Bangladeshi": (0.6, ("Begum", "Khatun", "Akter", "Bibi", "Sultana", "Khanom")),
    "Pakistani": (0.4, ("Begum", "Bibi", "Akhtar", "Parveen", "Kauser", "Khatoon")),
    "Punjabi": (0.35, ("Kaur",)),
}
_IRREGULAR = {"Punjabi": {"Singh": "Kaur"}}
# Endings of men's names and women's, by tradition; the first that fits counts.
_ENDINGS = {
    "Polish": (("dzki", "dzka"), ("ski", "ska"), ("cki", "cka")),
    "Czech and Slovak": (
        ("ý", "á"), ("í", "í"), ("ka", "ková"), ("ko", "ková"), ("ek", "ková"), ("ec", "cová"),
        ("a", "ová"), ("", "ová"),
    ),
    "Bulgarian": (("ov", "ova"), ("ev", "eva")),
    "Ukrainian and Russian": (("ov", "ova"), ("ev", "eva")),
}  # fmt: skip


@cache
def feminine_forms() -> dict[str, dict[str, str]]:
    """Give the form for women of every surname that has one, by tradition."""
    surnames = load("minority_names").filter(pc.field("kind") == "surname")
    forms = {GENERAL: feminine_patronymics(), **_IRREGULAR}
    for group, endings in _ENDINGS.items():
        names = surnames.filter(pc.field("name_group") == group)["name"].to_pylist()
        forms[group] = {
            name: name.removesuffix(men) + women
            for name in names
            for men, women in [next((pair for pair in endings if name.endswith(pair[0])), ("", ""))]
        }
    return forms


@cache
def feminine_patronymics() -> dict[str, str]:
    """Give the form for daughters of every surname that names a forefather after ap or ab."""
    names = load("patronymics")["surname"].to_pylist()
    parts = (name.split(" ", 1) for name in names if " " in name)
    return {f"{son} {father}": f"ferch {father}" for son, father in parts}


def extra_surnames() -> list[str]:
    """List the surnames that only women have."""
    own = [name for _, names in OWN_SURNAMES.values() for name in names]
    feminine = [form for forms in feminine_forms().values() for form in forms.values()]
    return list(dict.fromkeys([*own, *feminine]))
