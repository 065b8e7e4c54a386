"""A run of a suite: its worlds, its tasks, its checkpoint, and its results."""
