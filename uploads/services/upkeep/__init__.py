"""What runs by itself: the sweep after crashes, stalled jobs, the health check."""
