"""Contacts (联系人): whom to call at a participant. Name, telephone and e-mail are sealed, and read one by one with a purpose."""
