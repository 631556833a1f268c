"""The two pydantic base models."""

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """Base of our own values. Ignores unknown fields, since stored JSON may have them."""

    model_config = ConfigDict(frozen=True)


class StrictModel(BaseModel):
    """Base of values from outside. Rejects unknown fields; its errors never quote the input."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
