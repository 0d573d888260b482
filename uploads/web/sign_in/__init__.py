"""By what people sign in: name and password, or a provider of OpenID Connect."""
