"""Outside systems, played by small servers on this machine."""
