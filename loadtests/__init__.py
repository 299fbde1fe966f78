"""Black-box load: desktop users that stream, a soak test, and benchmarks."""
