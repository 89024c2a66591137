"""Keeps communes apart inside one database."""
