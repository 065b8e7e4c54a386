"""The quantities by which strategies are compared, each with its formula."""
