"""Tests that look at all rooms at once; they stand on the roof and nobody imports them."""
