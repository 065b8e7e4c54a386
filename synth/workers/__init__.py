"""Blocks shared out among processes, and taken up again after an interruption."""
