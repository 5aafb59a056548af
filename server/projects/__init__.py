"""Projects (项目): the county's project library, from proposal over public notice and review to the plan of a year,
completion acceptance and handing over; each names its sources of funds, and what they leave open is its gap.
"""
