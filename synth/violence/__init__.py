"""Violence: its victims and offenders, its frequency, its circumstances and its witnesses."""
