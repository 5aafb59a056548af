"""Participants (参与主体): the organisations and citizens that take part, from application to verification.

An armed-forces unit is known outside its own members and national oversight by its alias at most.
"""
