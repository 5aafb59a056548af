"""Deliveries (落实、验收): what a giver sends against a pledge, and what the county, and only the county, accepts of it."""
