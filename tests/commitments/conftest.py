"""A mail server for this folder's tests, which the settings name."""

from tests.mail.conftest import post

__all__ = ["post"]
