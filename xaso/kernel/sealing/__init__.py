"""Field encryption and blind indexes: personal values are unreadable in the database."""
