"""`make bench`: what loading costs here, each figure beside a yardstick measured in the same minutes."""
