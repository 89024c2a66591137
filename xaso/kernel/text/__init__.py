"""Vietnamese text, numbers, dates and codes."""
