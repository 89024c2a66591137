"""Errors, paging and keys of the APIs."""
