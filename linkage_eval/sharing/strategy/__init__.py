"""A strategy as its file states it: flows, the holdings of agencies, and the law's limits."""
