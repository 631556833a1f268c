"""VinSuite web services, simulated over real HTTP with a book of orders and members of their own.

docs/vinsuite-simulator.md describes what it simulates, and which parts of that are assumptions.
"""
