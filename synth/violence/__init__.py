"""Violence: between whom, how often, how it goes, who sees it."""
