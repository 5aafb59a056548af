"""Needs (需求): one measurable thing that a county asks for, written by one person and reviewed by another.

A need's status says where its procedure stands; how much of it is covered is read from its account in the books.
"""
