"""Sharing: strategies, the forms of what they release, and what they bring and cost."""
