"""Why jobs failed."""
