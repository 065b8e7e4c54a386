"""Which column of a user's file holds which linkage field: by its name, a near name, or their word.

Near names are listed, not guessed: a column is taken for a field only under a name that means
nothing else. What is taken for what is told (`intake.py`), and the suite can say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from darkfigure.linkage_eval.runs.own_files import KEY
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.core.printable import listed

# Names that other systems and data sets give these fields, without case, blanks and signs; assumed.
_NEAR = {
    KEY: "id recordid recid uniqueid uid rowid",
    "surname": "lastname familyname lname secondname cyfenw",
    "forename": "firstname givenname fname christianname enwcyntaf",
    "middle_name": "middlenames mname middleinitial secondforename othernames",
    "sex": "gender rhyw",
    "date_of_birth": "dob birthdate dateofbirth birthday dyddiadgeni",
    "ethnic_group": "ethnicity ethnicorigin ethniccategory",
    "house": "housenumber houseno housename streetnumber streetno buildingnumber",
    "street": "streetname road address1 addressline1",
    "town": "city suburb locality posttown towncity",
    "postcode": "zip zipcode postalcode pcode codpost",
    "nhs_number": "nhs nhsno",
    "telephone": "phone phoneno phonenumber tel telephoneno telephonenumber mobile",
    "upn": "uniquepupilnumber",
}
_NEAR_NAMES = {field: (field.replace("_", ""), *names.split()) for field, names in _NEAR.items()}


def find_columns(names: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    """Find the column of the id and of each field.

    Parameters
    ----------
    names
        Names of a file's columns.
    said
        The user's word: the column for a field; "" for none.

    Returns
    -------
    The file's column for `record_id` and each field that it holds, in the order of `FIELDS`.

    Raises
    ------
    ValueError
        A column that the user names is not there, or there is no id or no field; the message goes
        on from the name of the file.
    """
    _check(names, said)
    free = [name for name in names if name not in said.values()]
    found = {
        field: name
        for field in (KEY, *FIELDS)
        if (name := said[field] if field in said else _find(field, free))
    }
    if KEY not in found:
        raise ValueError(
            f"has no column {KEY}; it has {listed(names)}. "
            f'Say which is the id: columns = {{ {KEY} = "..." }}'
        )
    if len(found) == 1:
        raise ValueError(
            f"has no column that linkers know; it has {listed(names)}. Call its columns by the "
            f"names of the linkage fields ({', '.join(FIELDS)}), or say which is which: "
            'columns = { surname = "..." }'
        )
    return found


def _find(field: str, names: Sequence[str]) -> str:
    """Give the column of a field: the one of its own name, else the first of a near name."""
    if field in names:
        return field
    plain = {name: re.sub(r"[^a-z0-9]", "", name.casefold()) for name in names}
    return next((name for near in _NEAR_NAMES[field] for name in names if plain[name] == near), "")


def _check(names: Sequence[str], said: Mapping[str, str]) -> None:
    missing = [name for name in said.values() if name and name not in names]
    if missing:
        raise ValueError(
            f"has no column {', '.join(missing)}, which `columns` names; it has {listed(names)}"
        )
    twice = sorted({name for name in said.values() if name and list(said.values()).count(name) > 1})
    if twice:
        raise ValueError(f"has one column for two fields in `columns`: {', '.join(twice)}")
