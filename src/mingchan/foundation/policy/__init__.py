"""The plan as data (制度): clauses, thresholds, roles, codes, lives and divisions of one county's policy pack."""
