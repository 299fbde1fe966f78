"""Ray and Serve on one machine: a head on loopback, and the applications deployed into it."""
