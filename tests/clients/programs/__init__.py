"""One program per Python library, for the environment in which that library is installed."""
