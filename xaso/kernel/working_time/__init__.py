"""Working calendars and deadlines."""
