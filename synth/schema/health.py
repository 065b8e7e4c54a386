"""Code lists of the health services that several agencies share."""

from __future__ import annotations

from darkfigure.synth.reference import load

_SITES = load("hospital_sites").to_pylist()
# Departments and minor injury units of Wales, then wards without either, then sites in England.
SITES = {site["site_code"]: site["site"] for site in _SITES}
WELSH_SITES = {
    site["site_code"]: site["site"] for site in _SITES if site["health_board"] != "England"
}
ED_SITES = {
    site["site_code"]: site["site"]
    for site in _SITES
    if site["health_board"] != "England" and site["type"] != "wards"
}
HEALTH_BOARDS = {
    "BC": "Betsi Cadwaladr",
    "HD": "Hywel Dda",
    "SB": "Swansea Bay",
    "CT": "Cwm Taf Morgannwg",
    "CV": "Cardiff and Vale",
    "AB": "Aneurin Bevan",
    "PO": "Powys",
}
