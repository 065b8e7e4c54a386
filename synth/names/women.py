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
_ENDINGS = (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka"))


@cache
def feminine_forms() -> dict[str, str]:
    """Give the form for women of every surname that has one."""
    table = load("minority_names").filter(
        (pc.field("name_group") == "Polish") & (pc.field("kind") == "surname")
    )
    inflected = {
        name: name.removesuffix(ending) + feminine
        for name in table["name"].to_pylist()
        for ending, feminine in _ENDINGS
        if name.endswith(ending)
    }
    return {**_IRREGULAR, **inflected}


def extra_surnames() -> list[str]:
    """List the surnames that only women have."""
    own = [name for _, names in OWN_SURNAMES.values() for name in names]
    return list(dict.fromkeys([*own, *feminine_forms().values()]))
