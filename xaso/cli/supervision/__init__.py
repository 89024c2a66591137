"""Start the processes in order, keep them alive, stop them in reverse."""
