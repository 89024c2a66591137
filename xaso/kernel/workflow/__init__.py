"""Transition tables."""
