"""A linker behind closed doors: it sees its records and nothing else, and can fell nobody."""
