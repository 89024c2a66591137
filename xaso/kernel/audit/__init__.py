"""The sealed log book."""
