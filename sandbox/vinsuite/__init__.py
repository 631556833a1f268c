"""VinSuite web services, simulated over real HTTP with a book of orders and members of their own.

What it simulates, and which parts of that are assumptions, is told in docs/vinsuite-simulator.md.
"""
