"""Simulated violence in Wales, what agencies record of it, and a judge of linkage and sharing."""
