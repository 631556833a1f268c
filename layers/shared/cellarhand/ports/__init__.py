"""What the use cases need of the outside world, as Protocols. Adapters and the tests' fakes implement them.

Timeouts are seconds for the whole call, connection and reading included.
"""
