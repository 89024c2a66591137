"""Outside systems this room talks to."""
