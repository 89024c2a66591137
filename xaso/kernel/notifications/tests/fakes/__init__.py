"""Outside parties, small and on loopback, each with its failing twins."""
