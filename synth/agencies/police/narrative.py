"""Free text of officers: the careful write more than the hurried.

A code that the officer left empty is often in the text, which is why forces search it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import INCIDENT_TYPE, OFFENCES
from darkfigure.synth.agencies.police.other_work import RELATIONS
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import PLACE, WEAPON

# All wording is invented. IP is the injured party.
_ACTS = {
    "VWI": ("IP assaulted, injuries seen", "IP punched and kicked", "IP hit, has injury"),
    "VWOI": ("IP pushed, no visible injury", "IP grabbed", "IP threatened and shoved"),
    "S&H": ("unwanted messages to IP", "repeated contact with IP", "threats made to IP"),
}
_PLACES = {
    "own_home": "at home address",
    "other_home": "at another address",
    "licensed": "in or near licensed premises",
    "street": "in the street",
    "school": "at school",
    "other": "at another place",
}
_WEAPONS = {"blunt": "with blunt object", "glass": "with bottle or glass", "sharp": "with knife"}
_SUSPECTS = {
    "partner": "Susp is partner or ex.",
    "family": "Susp is relative.",
    "acquaintance": "Susp known to IP.",
    "stranger": "Susp not known to IP.",
}
_LENGTHS = 4  # no text; the act; place and weapon besides; the suspect besides
# Edges on a normal between the lengths of an average officer's texts; assumed.
_EDGES = (-1.5, -0.4, 0.8)
_WORDINGS = 3


def narratives(cases: PoliceCases, rows: Ints, care: Floats, chance: Stream) -> pa.Array:
    """Write the text of some cases.

    Parameters
    ----------
    cases
        Cases of all forces.
    rows
        Rows of cases, shape (n,).
    care
        Thoroughness of the officer of each, in standard deviations above the average, shape (n,).
    chance
        Stream of the police; draws are keyed by case.

    Returns
    -------
    Text, null where the officer wrote none, shape (n,).
    """
    event = cases.event[rows]
    length = np.digitize(care + chance.normal("narrative", event), _EDGES)
    wording = chance.below("wording", event, _WORDINGS)
    parts = (
        length,
        wording,
        cases.offence[rows] + 1,
        cases.incident_type[rows] + 1,
        cases.place[rows] + 1,
        cases.weapon[rows] + 1,
        cases.relation[rows] + 1,
    )
    sizes = (_LENGTHS, _WORDINGS, len(OFFENCES) + 1, len(INCIDENT_TYPE) + 1, len(PLACE) + 1)
    key = np.ravel_multi_index(parts, (*sizes, len(WEAPON) + 1, len(RELATIONS) + 1))
    first, text_of_row = np.unique(key, return_index=True, return_inverse=True)[1:]
    texts = [_text(tuple(int(part[place]) for part in parts)) for place in first]
    return pa.array(texts, pa.string()).take(pa.array(text_of_row))


def _text(parts: tuple[int, ...]) -> str | None:
    """Put one text together; 0 means none, in each part but the first two."""
    length, wording, offence, incident, place, weapon, relation = parts
    if length == 0:
        return None
    words = [_act(offence, incident, wording)]
    if length > 1 and weapon:
        words.append(_WEAPONS.get(list(WEAPON)[weapon - 1], ""))
    if length > 1 and place:
        words.append(_PLACES[list(PLACE)[place - 1]])
    text = " ".join(word for word in words if word) + "."
    if length > _LENGTHS - 2 and relation:
        text += f" {_SUSPECTS[RELATIONS[relation - 1]]}"
    return text.upper() if wording == 0 else text[0].upper() + text[1:]


def _act(offence: int, incident: int, wording: int) -> str:
    if offence:
        group = load("offence_codes")["offence_group"][offence - 1].as_py()
        title = list(OFFENCES.values())[offence - 1].lower()
        return _ACTS[group][wording] if group in _ACTS else title
    return list(INCIDENT_TYPE.values())[incident - 1] if incident else "report"
