"""Officials, roles, devices, keys, consent."""
