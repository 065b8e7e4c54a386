"""Surnames, and forms of surnames, that only women have."""

from __future__ import annotations

from functools import cache

import pyarrow.compute as pc

from darkfigure.synth.reference import load

# Share of women with one of these for a surname, by tradition; assumed.
OWN_SURNAMES = {
    "Bangladeshi": (0.6, ("Begum", "Khatun", "Akter", "Bibi", "Sultana", "Khanom")),
    "Pakistani": (0.4, ("Begum", "Bibi", "Akhtar", "Parveen", "Kauser", "Khatoon")),
}
_IRREGULAR = {"Singh": "Kaur"}
# Endings of men's names and women's, by tradition; longer endings first.
_ENDINGS = {
    "Polish": (("dzki", "dzka"), ("ski", "ska"), ("cki", "cka")),
    "Czech and Slovak": (
        ("ský", "ská"),
        ("cký", "cká"),
        ("ný", "ná"),
        ("ka", "ková"),
        ("ek", "ková"),
        ("ec", "cová"),
        ("", "ová"),
    ),
    "Bulgarian": (("ov", "ova"), ("ev", "eva"), ("ski", "ska")),
    "Ukrainian and Russian": (
        ("ov", "ova"),
        ("ev", "eva"),
        ("in", "ina"),
        ("skyi", "ska"),
        ("sky", "skaya"),
    ),
}


@cache
def feminine_forms() -> dict[str, str]:
    """Give the form for women of every surname that has one."""
    table = load("minority_names").filter(pc.field("kind") == "surname")
    inflected = {}
    for group, endings in _ENDINGS.items():
        for name in table.filter(pc.field("name_group") == group)["name"].to_pylist():
            ending = next((pair for pair in endings if name.endswith(pair[0])), None)
            if ending:
                inflected[name] = name.removesuffix(ending[0]) + ending[1]
    return {**_IRREGULAR, **feminine_patronymics(), **inflected}


@cache
def feminine_patronymics() -> dict[str, str]:
    """Give the form for daughters of every surname that names a forefather after ap or ab."""
    names = load("patronymics")["surname"].to_pylist()
    parts = (name.split(" ", 1) for name in names if " " in name)
    return {f"{son} {father}": f"ferch {father}" for son, father in parts}


def extra_surnames() -> list[str]:
    """List the surnames that only women have."""
    own = [name for _, names in OWN_SURNAMES.values() for name in names]
    return list(dict.fromkeys([*own, *feminine_forms().values()]))
