"""The rules, pure: no clock, no I/O, nothing imported but the standard library and pydantic."""
