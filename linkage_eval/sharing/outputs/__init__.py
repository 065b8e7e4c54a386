"""What a strategy leaves on disk: who holds what, the log, and papers that people can read."""

from __future__ import annotations

from darkfigure.linkage_eval.sharing.outputs.folder import share

__all__ = ["share"]
