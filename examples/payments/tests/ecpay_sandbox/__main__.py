"""`python -m tests.ecpay_sandbox --port 9001`: the sandbox by itself, for trying the service by hand."""

import argparse
import os

import uvicorn

from tests.ecpay_sandbox.server import create_sandbox


def main() -> None:
    parser = argparse.ArgumentParser(description="ECPay sandbox")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9001)
    arguments = parser.parse_args()
    sandbox = create_sandbox(
        os.environ.get("ECPAY_MERCHANT_ID", "3002607"),
        os.environ.get("ECPAY_HASH_KEY", "pwFHCqoQZGmho4w6"),
        os.environ.get("ECPAY_HASH_IV", "EkRm7iFT261dpevs"),
    )
    uvicorn.run(sandbox, host=arguments.host, port=arguments.port)


if __name__ == "__main__":
    main()
