"""Statistics that more than one room needs: intervals, and ratios of counts."""
