"""Actors: thin holders of state, which call the pipeline and think nothing themselves."""
