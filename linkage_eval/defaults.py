"""Numbers that stand where nobody says another, apart from what is heavy: help shows them."""

from __future__ import annotations

AUDITED = 500  # units of the first list whose links somebody follows up; assumed
# What a linker may take; assumed. `isolation.Limits` has the same.
SECONDS = 600.0
MEMORY_MB = 8_192
