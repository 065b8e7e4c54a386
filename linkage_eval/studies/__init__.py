"""Studies of one dataset: link it, score links, estimate sizes, trace a life."""
