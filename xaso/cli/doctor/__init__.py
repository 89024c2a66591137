"""What is wrong with this machine, and how to mend it, in plain words."""
