"""The waiting room: machines, residents, counters, the administrator's list."""
