"""Papers of the office: numbered, printed, signed, checked."""
