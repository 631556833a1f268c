"""What does this visit cost this guest, and why?"""

from typing import Any

from cellarhand import bootstrap
from cellarhand.adapters.system import LambdaContext
from cellarhand.domain.discounts.quote import AnonymousQuote, Quote
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.http_api import ENGINE_AND_STAFF, Api, Request
from cellarhand.observability import observed

api = Api()


@api.route("POST", "/v1/discounts/evaluate", roles=ENGINE_AND_STAFF, body=DiscountRequest)
def evaluate_discounts(request: Request[DiscountRequest]) -> Quote | AnonymousQuote:
    """Quote a visit; a key for anonymous quotes learns nothing of who the guest is."""
    if guest := request.body.guest:
        bootstrap.limit_recognition()(request.caller, request.tenant_id, guest.asked_for)
    return bootstrap.evaluate_discounts()(
        request.tenant_id, request.body, anonymous=request.caller.anonymous_quotes
    )


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point."""
    return api.resolve(event, context)
