"""Letters that leave the platform: each at most once, and codes by which somebody proves that an address is theirs."""
