"""What parents meet without an account: the public API, its limits, and the page that talks to it."""
