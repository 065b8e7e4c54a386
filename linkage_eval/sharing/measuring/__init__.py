"""What sharing under a strategy did on a dataset, measured against the truth."""
