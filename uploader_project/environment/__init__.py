"""Values of the environment as Django's settings have them, one kind a module; what cannot be meant is refused."""
