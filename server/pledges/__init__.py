"""Pledges (认捐、协议事项、签约): the binding promise, signed by both sides, and the dates on which its parts are due."""
