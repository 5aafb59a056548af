"""Words that stand in what not everybody may see; whoever reads one where it should not be has found a leak."""

CREDIT_CODE = "11610925CANARY0001"
REMARKS = "金丝雀核验意见"
UNIT_ZH, UNIT_EN = "金丝雀番号部队", "Canary unit"
UNIT_PERSON = "金丝雀军官"
UNIT_PLACE_CODE, UNIT_PLACE = "640122", "贺兰县"
"""The seat of the unit; nobody else in the world has anything to do with it."""
