"""Places of Wales: neighbourhoods (LSOAs), the areas that they form, and their addresses."""

from darkfigure.synth.setting.geography.addresses import HOMELESS_POSTCODE, Addresses, addresses
from darkfigure.synth.setting.geography.neighbourhoods import (
    FIRST_SPARE,
    Geography,
    communal_kind,
    spare_dwellings,
    wales,
)
from darkfigure.synth.setting.geography.postcodes import INWARD, UNIT_DWELLINGS, outcode_of

__all__ = [
    "FIRST_SPARE",
    "HOMELESS_POSTCODE",
    "INWARD",
    "UNIT_DWELLINGS",
    "Addresses",
    "Geography",
    "addresses",
    "communal_kind",
    "outcode_of",
    "spare_dwellings",
    "wales",
]
