"""Docking (对接测算): one computation over a snapshot of what is open, and the suggestions and gaps that it found.

Suggestions bind nobody. A cool-down keeps a declined match from being suggested again too soon.
"""
