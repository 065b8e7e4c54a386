"""Emergency departments: attendances, and what triage writes of an assault."""
