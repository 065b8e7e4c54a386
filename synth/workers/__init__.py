"""Blocks of a world shared out among processes, and resumed after an interruption."""
