"""Places of Wales: neighbourhoods (LSOAs), the areas that they form, and their addresses."""

from darkfigure.synth.setting.geography.addresses import HOMELESS_POSTCODE, Addresses, addresses
from darkfigure.synth.setting.geography.england import (
    addresses_in_england,
    english_police,
    visitors_by_force,
)
from darkfigure.synth.setting.geography.neighbourhoods import (
    FIRST_SPARE,
    Geography,
    communal_kind,
    spare_dwellings,
    wales,
)
from darkfigure.synth.setting.geography.postcodes import UNIT_DWELLINGS, outcode_of

__all__ = [
    "FIRST_SPARE",
    "HOMELESS_POSTCODE",
    "UNIT_DWELLINGS",
    "Addresses",
    "Geography",
    "addresses",
    "addresses_in_england",
    "communal_kind",
    "english_police",
    "outcode_of",
    "spare_dwellings",
    "visitors_by_force",
    "wales",
]
