"""Amounts as every body has them."""

from typing import Annotated

from pydantic import Field

MinorUnits = Annotated[int, Field(ge=0, le=10**11, strict=True)]


Percent = Annotated[str, Field(pattern=r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$")]
"""A percentage as a decimal string, so that it is exact: "7.25"."""
