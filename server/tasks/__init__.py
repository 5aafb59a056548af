"""Tasks of armed-forces units (article 22): conditions recorded, task assigned, tracked until the county accepts it.

Everything here is for the circle of the unit's pairing alone. A task is procedure: what is counted goes through the books
as offer, need and pledge, as everybody's does.
"""
