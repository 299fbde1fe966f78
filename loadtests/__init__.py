"""Load from outside: desktops that stream, and benchmarks; neither knows how the inside works."""
