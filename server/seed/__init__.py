"""Where the first rows come from: the carried reference tables (`load`) and a synthetic demo world (`scenario`).

`tables/` holds public facts, loaded as they are. A scenario is made up, deterministic by its seed, and says so.
"""
