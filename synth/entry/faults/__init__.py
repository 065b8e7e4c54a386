"""Faults of data entry, a module for each kind of field."""
