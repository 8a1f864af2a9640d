"""The app's alembic for one plan: loaded once, however often and for however many copies of the database it is asked.

Called with the path of alembic's configuration and the folder of tollgate_serve.py. A question has an `action` of tollgate_replay.py,
its `arguments`, and the `environment` of the copy that it is about.
"""

import os
import sys

# before the first question, and not by each
import tollgate_loaded  # noqa: F401
from tollgate_replay import perform
from tollgate_serve import serve


def main(configuration: str, folder: str) -> None:
    def answer(question: dict) -> dict:
        os.environ.update(question["environment"])
        return perform(question["action"], configuration, question["arguments"])

    serve(folder, answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
