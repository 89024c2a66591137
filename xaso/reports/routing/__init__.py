"""To whom a report goes, and why: ordered rows, the first that fits wins, nothing is silent."""
