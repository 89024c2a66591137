"""Xã Số: a commune that runs digitally."""

__version__ = "0.1.0"
