"""Fidelity of a dataset: its figures beside those published of Wales, and its assumptions."""
