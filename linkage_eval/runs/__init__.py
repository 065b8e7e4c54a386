"""A run of a suite: its worlds, its tasks, what is kept on the way, and its results."""
