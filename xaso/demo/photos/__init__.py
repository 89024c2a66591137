"""Drawn pictures for the demo: nobody's house, nobody's face."""
