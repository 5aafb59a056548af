"""Places (行政区划): administrative divisions with their dated GB/T 2260 codes, and public facts about them.

The facts are poverty status, fiscal revenue and published records (公开资料): what others published, with its source,
outside books and docking.
"""
