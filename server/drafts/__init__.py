"""Drafts: what a person has typed into a form and not yet saved as a record, kept from one device to the next.

A draft belongs to no noun of the field and is checked by nobody: it is a form's own JSON.
"""
