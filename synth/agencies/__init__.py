"""One module an agency: what reaches it, turned into that agency's own tables."""
