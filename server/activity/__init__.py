"""Activity: what was done by whom (events), what is still to be delivered (dispatch, stream) and long work (jobs).

Events are append-only. Stored replies and settings live here because they belong to no noun of the field.
"""
