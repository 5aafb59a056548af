"""A made-up world over real places: who takes part, what counties ask for, what givers offer.

Pure and deterministic: an atlas of facts, a seed and a date go in, rows come out. Nothing in it is a real need, offer,
firm or person; sizes and kinds are those that published records show.
"""
