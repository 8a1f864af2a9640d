"""`python -m app.serve`: uvicorn, ending cleanly on SIGTERM."""

import argparse
import os
import signal
import sys

import uvicorn


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the payments API")
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    arguments = parser.parse_args()
    # uvicorn finishes open requests on SIGTERM and then raises it once more. Without a handler that second one kills
    # the process before exit hooks (Sentry's flush, for one) have run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=arguments.host,
        port=arguments.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
    )


if __name__ == "__main__":
    main()
