"""What surrounds the endpoints: authentication, middleware, CSRF protection, health and metrics."""
