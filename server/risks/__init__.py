"""Risk flags: what an overseeing office has found out about a participant, with its evidence, until a colleague lifts it.

A flag warns and stops nothing: it stands on the participant's page and before the county that is about to agree.
"""
