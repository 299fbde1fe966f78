"""Account activity: sign-ins and security changes, which users see on their overview page."""
