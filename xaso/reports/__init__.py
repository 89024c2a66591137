"""Reports of residents: received, worked on, answered in public."""
