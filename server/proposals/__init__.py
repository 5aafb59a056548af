"""Proposals (对接方案): one offer and one need under negotiation, holding a quantity on both sides until a date."""
