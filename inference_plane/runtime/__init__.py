"""What the steps work with: the services of one replica, and the state of one request."""
