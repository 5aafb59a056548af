"""Yearly collaboration agreements (年度协作协议): what a pairing promises for a year, as targets per head (年度任务)."""
