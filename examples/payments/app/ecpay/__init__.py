"""ECPay's protocol: the only code that knows field names and RtnCodes."""
