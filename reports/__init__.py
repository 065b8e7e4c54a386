"""What a run found, as one page of HTML that needs no network."""
