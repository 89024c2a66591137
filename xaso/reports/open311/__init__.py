"""Open311 GeoReport v2 as plain values: documents, dates, filters, forms. No tables, no HTTP."""
