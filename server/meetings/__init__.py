"""Joint meetings (联席会议) of a pairing (article 20): when and where both sides met, who came, and what they decided."""
