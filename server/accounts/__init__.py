"""Accounts: people who sign in, their sessions and API keys, and the roles granted to them.

A grant names a participant or a place by id or code, because both live in higher domains.
"""
