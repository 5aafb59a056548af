"""People (人员): who belongs to a participant and in which roles, who holds an office over a place, and how they came in.

Users, sessions and grants themselves are the accounts domain's; this one knows what the grants are at.
"""
