"""Background work, bound to the transaction."""
