"""Routes and pages that belong to no other room."""
