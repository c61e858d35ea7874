"""Institutions (制度库): the county's own rules with versions, and who has read them."""
