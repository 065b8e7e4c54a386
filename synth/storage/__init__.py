"""Datasets on disk: written in parts, sealed, checked when read."""
