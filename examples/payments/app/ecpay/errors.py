"""What can go wrong at the provider, told apart by what the caller may do next."""


class ProviderError(Exception):
    """ECPay could not be asked, or its answer cannot be used."""


class ProviderUnavailable(ProviderError):
    """No usable answer came, so whether ECPay acted is not known."""


class ProviderUnreachable(ProviderUnavailable):
    """Nothing reached ECPay: it surely did not act, and trying again is safe."""


class ProviderUntrusted(ProviderError):
    """An answer came, and its CheckMacValue is not ECPay's."""


class ProviderRefused(ProviderError):
    """ECPay understood the request and said no."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code
