"""Refusals a caller can act on; the HTTP layer turns each into its status and code."""


class BillingError(Exception):
    status = 409
    code = "conflict"


class NotFound(BillingError):
    status = 404
    code = "not_found"


class PlanUnavailable(BillingError):
    status = 422
    code = "plan_unavailable"


class NotAllowedNow(BillingError):
    code = "not_allowed_now"


class RefundTooLarge(BillingError):
    status = 422
    code = "refund_too_large"
