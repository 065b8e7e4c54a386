"""A strategy as a file says it: its flows, who holds what, and what the law asks."""
