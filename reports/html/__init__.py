"""The page of HTML that shows a run."""
