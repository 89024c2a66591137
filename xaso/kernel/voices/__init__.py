"""Sentences of the pages, spoken by villagers in their own languages."""
