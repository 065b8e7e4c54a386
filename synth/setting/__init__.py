"""Places and times of the study: neighbourhoods, addresses, distances, days of the week."""
