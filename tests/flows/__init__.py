"""Journeys through the running product, as a person would make them: a browser, a server, a county."""
