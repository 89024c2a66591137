"""The official's desk."""
