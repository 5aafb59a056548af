"""Offers (帮扶资源): one measurable thing that a giver can give, in a window of time and to whom its restriction allows.

An offer's status says where its procedure stands; how much of it is promised is read from its account in the books.
"""
