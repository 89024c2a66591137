"""Ways to a person. Each module has `send(letter)`, which may return the other side's own number.

Which module serves a channel is said by the settings (`XASO_CHANNELS`).
"""
