"""Communes, villages and administrative codes, each with its dates."""
