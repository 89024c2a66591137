"""The numbers we promise, measured: `make bench`."""
