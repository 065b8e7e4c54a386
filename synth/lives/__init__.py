"""Life courses, and the dated history of names and addresses that follows from them."""

from __future__ import annotations

from darkfigure.synth.lives.people import Lives, People, live

__all__ = ["Lives", "People", "live"]
