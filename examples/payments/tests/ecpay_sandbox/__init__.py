"""ECPay as this service meets it: a real HTTP server speaking the provider's protocol.

It shares no code with `app`, so a mistake in the service's signing cannot hide behind the same mistake here.
"""
