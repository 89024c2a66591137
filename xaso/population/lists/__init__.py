"""Lists as offices send them: read, understood, compared. Pure: no tables, no clock."""
