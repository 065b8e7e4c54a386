"""The quantities that strategies are compared by, each with its formula."""
