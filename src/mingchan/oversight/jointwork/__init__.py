"""Joint supervision (联合监管): yearly tracking, accountability, the auditors' desk, the wall of clauses."""
