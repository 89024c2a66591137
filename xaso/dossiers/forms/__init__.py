"""What officials and residents type about dossiers and procedures."""
