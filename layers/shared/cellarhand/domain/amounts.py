"""Types for amounts in request and response bodies."""

from typing import Annotated

from pydantic import Field

MinorUnits = Annotated[int, Field(ge=0, le=10**11, strict=True)]
"""Money in minor units of the tenant's currency."""


Percent = Annotated[str, Field(pattern=r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$")]
"""A percentage as a decimal string ("7.25"), so that it stays exact."""
