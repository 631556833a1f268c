"""Asks a VinSuite test installation what nothing public says of it, and reports what that means for us.

Everything that it makes there is marked as a test, for invented guests of example.com.
"""
