"""Being paid by bank transfer: the QR that banking programs read, banks, the commune's accounts."""
