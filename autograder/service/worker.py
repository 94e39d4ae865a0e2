"""A worker's process: jobs come as JSON lines, records go back as JSON lines.

Run as ``python -m autograder.service.worker RESULT_FD ISOLATION``. When the service is gone, so is this.
"""

import base64
import json
import os
import queue
import sys
import threading


def main(result_descriptor, isolation):
    """Answer jobs until the input ends."""
    from autograder.service.desk import Desk

    jobs = queue.SimpleQueue()
    threading.Thread(target=_read, args=(jobs,), daemon=True).start()
    desk = Desk(isolation)
    with os.fdopen(int(result_descriptor), "w", encoding="utf-8") as answers:

        def say(answer):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()

        def say_progress(done, total):
            say({"progress": [done, total]})

        while True:
            job = jobs.get()
            try:
                if "content" in job:
                    content = base64.b64decode(job["content"])
                    record, document = desk.grade(
                        job["week"], job["seed"], job["file_name"], content, say_progress, job["document"]
                    )
                    answer = {"record": record, "document": document}
                else:
                    desk.prepare(job["week"], job["seed"])
                    answer = {}
            except Exception as error:  # whatever it is, the service decides what becomes of the job
                answer = {"error": f"{type(error).__name__}: {error}"}
            say(answer)


def _read(jobs):
    for line in sys.stdin:
        jobs.put(json.loads(line))
    os._exit(0)  # the service ended; the sandbox's processes end with the sockets that this closes


if __name__ == "__main__":
    os.dup2(2, 1)
    main(*sys.argv[1:])
