"""A context of the test's own that sends people into the field, so that journeys need no other."""
