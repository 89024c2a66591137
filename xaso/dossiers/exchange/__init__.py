"""The national exchange: dossiers as plain values under the national field names, both ways."""
