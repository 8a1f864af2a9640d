"""Outbound notifications to the merchant's own systems."""
