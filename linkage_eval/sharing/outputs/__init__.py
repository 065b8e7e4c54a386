"""The outputs of a strategy on disk: tables by recipient, the log, and papers for people."""

from __future__ import annotations

from darkfigure.linkage_eval.sharing.outputs.folder import share

__all__ = ["share"]
