"""Open311 GeoReport v2 for other programs: XML and JSON at `/open311/v2/`."""
