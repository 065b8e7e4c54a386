"""Intervals that more than one room needs."""
