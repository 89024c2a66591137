"""Backups: written, verified, brought back."""
