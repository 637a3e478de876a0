"""A module for each host: `rehearse()` runs its guide and returns what was measured, in whole MB or MiB."""
