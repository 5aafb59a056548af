"""Imports (表格导入): a workbook as an office keeps it, read, checked row by row against the books, and taken into them.

A sheet never doubles a record: every row is matched with what is there already, and what differs is shown before either
side is taken.
"""
