"""A dataset's rows as a chart: what its form offers, its axes, and where a click on a group leads."""
