"""What would change: an instance with changes applied, and which change unlocks a request."""
