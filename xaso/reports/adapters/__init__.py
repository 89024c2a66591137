"""Outside systems the room speaks to; reached from its actions alone."""
