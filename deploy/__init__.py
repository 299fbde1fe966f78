"""Starts and operates the product. The only package that may import both planes."""
