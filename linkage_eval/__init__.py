"""Linkage methods compared on simulated data: where each fails, for whom, and why."""
