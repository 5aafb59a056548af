"""Pairings (结对关系): the standing relation of a giver and a place under a dated policy, and what succeeds it."""
