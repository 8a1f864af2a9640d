"""What the service is about: checkouts, charges, receipts, upgrades, cancellations, refunds."""
