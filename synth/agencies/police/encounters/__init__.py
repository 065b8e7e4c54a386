"""Encounters that are no occurrences: stop and search, missing people, detentions under s.136."""
