"""The composition root, the only place where ports meet adapters: one function per use case, by subject.

Each is wired from `outside()` on first use. A use case is imported inside its function, so that each Lambda
loads only what it runs. Tests call `run_in(FakeOutside())` and then the handlers.
"""
