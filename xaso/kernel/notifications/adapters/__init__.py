"""Ways to a person. Each module has `WAKES` (does it make a sound at night?) and `send(letter)`.

Which module serves a channel is said by the settings (`XASO_CHANNELS`).
"""
