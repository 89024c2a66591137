"""The operations centre and its wall."""
