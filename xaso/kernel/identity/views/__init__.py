"""Pages of signing in that django-allauth does not have."""
