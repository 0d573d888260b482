"""Pages of what is kept of a dataset: views under a name, dashboards of them, and its history."""
