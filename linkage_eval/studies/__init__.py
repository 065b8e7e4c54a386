"""What is asked of one dataset: link it, score links, estimate, trace a life."""
