"""Who and where (组织): divisions, parties, people, accounts and grants."""
