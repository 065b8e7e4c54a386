"""Where calls are to, as callers tell it and as the grid reference has it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.ambulance.calls import Calls
from darkfigure.synth.agencies.framework.scene_names import scene_names
from darkfigure.synth.agencies.framework.service_demand import ILLNESS, SELF_HARM, SPORT, TRAFFIC
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives import People
from darkfigure.synth.schema import PLACE, codes_of
from darkfigure.synth.setting.geography import Addresses, addresses, wales

_PLACES = tuple(PLACE)
_HOME, _OTHER_HOME = _PLACES.index("own_home"), _PLACES.index("other_home")
# Kinds of place of calls for other reasons, in the order of `PLACE` by name; assumed.
_AT = {
    "ill": {"own_home": 0.84, "other_home": 0.05, "street": 0.04, "licensed": 0.01, "other": 0.06},
    "hurt": {"own_home": 0.62, "other_home": 0.06, "street": 0.14, "licensed": 0.03, "other": 0.15},
    "road": {"street": 1.0},
    "pitch": {"school": 0.15, "other": 0.85},
}
_POSTCODE_RATE = 0.35  # callers away from home who know the postcode; assumed
_DWELLINGS = 400  # of a neighbourhood, as the notes of departments take them; assumed
# Words before the street by kind of place: control must find it. Invented.
_LEADS = {
    "licensed": ("", "outside ", "in ", "o/s "),
    "street": ("", "near ", "outside shops, ", "junction of ", "opp bus stop, "),
    "other_home": ("", "at ", "friend at "),
    "school": ("school off ", "school grounds, "),
    "other": ("park off ", "bus station, ", "car park off ", "shop on ", "workplace, ", "taxi on "),
}
_UPPER_RATE = 0.4  # texts in capitals; assumed


@dataclass(frozen=True)
class CallPlaces:
    """Places of calls; one entry each."""

    kind: Ints  # index into PLACE
    text: pa.Array
    postcode: pa.Array
    lsoa: Ints

    @property
    def rural(self) -> Mask:
        """Whether it is in the country."""
        return np.asarray(wales().rural[self.lsoa])


def place_calls(
    calls: Calls, incidents: pa.Table, people: People, day: Ints, chance: Stream
) -> CallPlaces:
    """Find the places of calls, and the words in which callers tell them.

    Parameters
    ----------
    calls
        The calls.
    incidents
        Acts of violence against the people of the block.
    people
        People of the block.
    day
        Day of each call, days since 1970-01-01, shape (n,).
    chance
        The world's stream.
    """
    own = chance.stage("ambulance").stage("place")
    kind = np.where(
        calls.violent,
        calls.of_incidents(codes_of(incidents["place"], PLACE)),
        _other_kinds(calls, own),
    )
    version = people.addresses.at(calls.row, day)
    homeless = people.addresses.value("lsoa_code", version).is_null().to_numpy(zero_copy_only=False)
    kind = np.where(homeless & (kind == _HOME), _OTHER_HOME, kind)
    lsoa = people.lsoa_on(calls.row, day)
    act = calls.of_incidents(incidents["lsoa"].to_numpy())
    lsoa = np.where(calls.violent & (kind != _HOME), act, lsoa)
    site = calls.of_incidents(incidents["site"].to_numpy())
    at_home = pa.array(kind == _HOME)
    away = addresses(
        lsoa, own.below("dwelling", calls.ids, _DWELLINGS), chance.stage("lives").stage("geography")
    )
    known = pa.array(own.happens("postcode", calls.ids, _POSTCODE_RATE))
    elsewhere = pc.if_else(known, away.postcode.cast(pa.string()), pa.scalar(None, pa.string()))
    postcode = people.addresses.value("postcode", version).cast(pa.string())
    return CallPlaces(
        kind=kind,
        text=_in_capitals(
            pc.if_else(
                at_home,
                _home_address(people, version),
                _words(calls.ids, kind, site, away, lsoa, chance),
            ),
            own.happens("upper", calls.ids, _UPPER_RATE),
        ),
        postcode=pc.if_else(at_home, postcode, elsewhere),
        lsoa=lsoa,
    )


def _other_kinds(calls: Calls, own: Stream) -> Ints:
    group = np.full(len(calls.ids), "hurt", object)
    group[np.isin(calls.reason, (ILLNESS, SELF_HARM))] = "ill"
    group[calls.reason == TRAFFIC], group[calls.reason == SPORT] = "road", "pitch"
    kind = np.zeros(len(calls.ids), np.int64)
    for name, rates in _AT.items():
        chosen = group == name
        weights = [rates.get(place, 0.0) for place in _PLACES]
        kind[chosen] = own.pick("kind", calls.ids[chosen], weights)
    return kind


def _home_address(people: People, version: Ints) -> pa.Array:
    house, street, town = (
        people.addresses.value(name, version).cast(pa.string())
        for name in ("house", "street", "town")
    )
    # Arrow drops rows of which all parts are null.
    house = pc.if_else(pc.and_(town.is_null(), house.is_null()), "no fixed abode", house)
    return _numbered(pc.binary_join_element_wise(house, street, town, ", ", null_handling="skip"))


def _numbered(text: pa.Array) -> pa.Array:
    """Write the number of a house before its street without a comma."""
    return pc.replace_substring_regex(text, r"(\d[A-Za-z]?), (\D)", r"\1 \2", max_replacements=1)


def _in_capitals(text: pa.Array, chosen: Mask) -> pa.Array:
    return pc.if_else(pa.array(chosen), pc.utf8_upper(text), text)


def _words(
    ids: Ints, kind: Ints, site: Ints, away: Addresses, lsoa: Ints, chance: Stream
) -> pa.Array:
    """Tell a place away from home: premises or house, street and town, behind a word or two."""
    own = chance.stage("ambulance").stage("words")
    premises, street, town = scene_names(site, lsoa, away, ids, chance)
    nothing = pa.scalar(None, pa.string())
    licensed, home = (pa.array(kind == _PLACES.index(n)) for n in ("licensed", "other_home"))
    first = pc.if_else(licensed, premises, pc.if_else(home, away.house.cast(pa.string()), nothing))
    place = pc.binary_join_element_wise(first, street, town, ", ", null_handling="skip")
    lead = np.full(len(ids), "", object)
    for name, words in _LEADS.items():
        here = kind == _PLACES.index(name)
        lead[here] = np.array(words, object)[own.below("lead", ids[here], len(words))]
    return pc.binary_join_element_wise(pa.array(lead, pa.string()), _numbered(place), "")
