"""What a person with an account does with it: sign in, change the password, make tokens."""
