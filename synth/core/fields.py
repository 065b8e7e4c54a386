"""The fields of an identity: what sources share and linkage compares.

A linker's process loads this module, and needs no table of any agency.
"""

from __future__ import annotations

# The parts of an identity that any source may hold; GLOSSARY.md defines each.
FIELDS = (
    "surname",
    "forename",
    "middle_name",
    "sex",
    "date_of_birth",
    "ethnic_group",
    "house",
    "street",
    "town",
    "postcode",
    "nhs_number",
    "telephone",
    "upn",
)
