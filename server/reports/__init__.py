"""Reports: read-only SQL across the domains, one statement each where that is possible.

Row-level security decides what a report counts, so two people may read different sums. What the domain says must
never be added up (persons and person-times, money of different kinds, goods' value and cash) stands apart: quantities
are summed within one resource type only.
"""
