"""The groups of commands; each file adds its own to the parser."""
