"""Default numbers, apart from heavy modules, so that help can show them quickly."""

from __future__ import annotations

AUDITED = 500  # units of the first list whose links somebody follows up; assumed
# Time and memory that a linker may take; assumed.
SECONDS = 600.0
MEMORY_MB = 8_192
