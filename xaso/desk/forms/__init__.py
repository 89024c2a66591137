"""Forms of the officials' desk."""
