"""Performance measurements of Jiedui against reference implementations."""
