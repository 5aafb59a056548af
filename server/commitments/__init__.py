"""Giving without an account (article 24): a link opens a need, an address is proved, and the pledge waits for verification."""
