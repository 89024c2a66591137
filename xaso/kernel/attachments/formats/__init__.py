"""What a file is, from its first bytes; nothing is decoded here."""
