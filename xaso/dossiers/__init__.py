"""The one-stop centre: procedures as dated data, dossiers along a table of steps, two clocks."""
