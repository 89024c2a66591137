"""Signatures in PDF: fields made in advance, signing with keys held elsewhere, our own verdict."""
