"""The vendors' own SDKs as judges, each behind one neutral interface.

There is a judge for each surface. Requests go through the SDK's own types, and answers are read
from its own objects: an answer that an SDK cannot read fails the test.
"""
