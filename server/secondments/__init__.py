"""Seconded cadres (挂职干部) and professionals sent under a pairing (article 20): both ways, with post and term."""
