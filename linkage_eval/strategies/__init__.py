"""Sharing strategies: who may see what, and in which form."""

from __future__ import annotations

from linkage_eval.contracts import Strategy
from linkage_eval.strategies.clear import Clear

STRATEGIES: dict[str, Strategy] = {strategy.name: strategy for strategy in (Clear(),)}
