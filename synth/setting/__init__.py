"""Where and when: places, distances, days of the week."""
