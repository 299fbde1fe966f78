"""Ray and Serve on one machine: a head on loopback alone, and the application deployed into it."""
