"""The docking engine: which offer should serve which need, with how much, and why.

It is pure: arrays in (``problem.py``), arrays out (``plan.py``). It knows no database, reads no clock and draws no random
numbers, so the same problem and the same settings give the same plan. ``run.dock`` is the door.
"""
