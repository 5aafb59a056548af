"""Work that takes longer than a request, and the relay that delivers what requests have recorded."""
