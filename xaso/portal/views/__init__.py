"""The public site's pages."""
