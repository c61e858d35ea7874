"""The house around the contexts: its command, its process tree, its clock, its backups."""
