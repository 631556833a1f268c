"""The tools that bring Cellarhand up on one machine: environments, the AWS emulator, build and deploy.

Used by the Makefile (`python -m sandbox.machine`), by the demo winery and by the tests that need AWS.
"""
