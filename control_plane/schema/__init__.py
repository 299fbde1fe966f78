"""Writes down the schema as it is: a diagram for people, one SQL file for comparing."""
