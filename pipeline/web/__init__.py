"""The analyst's desk: pages over published snapshots, for people who do not program."""
