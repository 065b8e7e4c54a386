"""Emergency departments: attendances, and the notes of triage on assaults."""
