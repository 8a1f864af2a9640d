"""Subscription payments through ECPay."""
