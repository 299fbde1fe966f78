"""What a user shows beside the password, or in its place: codes of an app, passkeys, and recovery
codes for the day when both are lost.
"""
