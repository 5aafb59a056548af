"""The docking engine: which offer should serve which need, with how much, and why.

It is pure: arrays in (``problem.py``), arrays out (``plan.py``). It knows no database, reads no clock and draws no random
numbers, so the same problem and the same settings give the same plan. ``run.dock`` is the door.
"""

# Raised whenever the same problem and settings could give another plan than before; runs keep it.
VERSION = "1.2"
