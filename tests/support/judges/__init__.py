"""The vendors' own SDKs as judges: asked in one neutral way, they tell what they have heard.

A judge for each surface. What is asked goes through the SDK's own types, and what is heard is read
from its own objects: where an SDK can't read an answer, no test here can.
"""
