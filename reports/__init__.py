"""Reports of a run: one page of HTML that needs no network, pages of practice, the terminal."""
