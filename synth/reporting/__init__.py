"""Who learns of violence: seeking help, reporting, and what the police record."""
