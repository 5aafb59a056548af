"""Campaigns (行动): drives with a beginning and an end, with the host county's consent, an organiser and a receiving charity;
what came of one is read from the books of the pledges that belong to it.
"""
