"""What a version of a procedure says: its shape, its checks, what changed between two."""
