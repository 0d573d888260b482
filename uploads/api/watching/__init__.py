"""What machines that watch the site ask for."""
