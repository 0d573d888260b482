"""What is said of datasets for those who look for data, and where other machines find it."""
