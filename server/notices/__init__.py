"""Notices: how people learn that something changed. The live stream says kind and id; the client fetches again."""
