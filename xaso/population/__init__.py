"""The commune's working register of persons and households; not the national database."""
