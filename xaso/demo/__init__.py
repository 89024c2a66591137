"""Invented data to try the platform with."""
