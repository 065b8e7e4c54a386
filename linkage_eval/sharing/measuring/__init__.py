"""Measurements of a sharing strategy on a dataset, against the truth."""
