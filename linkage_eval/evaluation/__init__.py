"""Links judged against the truth: how right, for whom, and which linker is better."""
