"""Schools: pupils, their numbers, places and years."""
