"""Code lists of the health services that several agencies share."""

from __future__ import annotations

from darkfigure.synth.reference import load

SITES = dict(
    zip(
        load("emergency_departments")["site_code"].to_pylist(),
        load("emergency_departments")["site"].to_pylist(),
        strict=True,
    )
)
HEALTH_BOARDS = {
    "BC": "Betsi Cadwaladr",
    "HD": "Hywel Dda",
    "SB": "Swansea Bay",
    "CT": "Cwm Taf Morgannwg",
    "CV": "Cardiff and Vale",
    "AB": "Aneurin Bevan",
    "PO": "Powys",
}
