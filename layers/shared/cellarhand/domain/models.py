"""The two kinds of pydantic models that everything else is made of."""

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """A value of ours that is never changed, only copied. What is stored may have unknown fields."""

    model_config = ConfigDict(frozen=True)


class StrictModel(BaseModel):
    """A value from outside: an unknown field is refused, and no error quotes what was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
