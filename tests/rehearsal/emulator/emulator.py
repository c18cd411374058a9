"""Serves moto, an emulator of AWS, on a free port of the loopback interface for the deployment rehearsal.

Prints {"port": N} when it accepts connections, and ends when its standard input does: whoever started it may be killed
without leaving it behind. Each request becomes one line of JSON in the file named as the first argument.
"""

import io
import json
import os
import re
import sys
import threading
import time
import urllib.parse

import corrections
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

SCOPE = re.compile(r"Credential=([^/]*)/[0-9]*/[^/]*/([^/]*)/")


class RequestLog:
    """WSGI middleware that notes each request with the times at which it came and was answered."""

    def __init__(self, application, path):
        self.application = application
        self.file = open(path, "a", encoding="utf-8", buffering=1)
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        began = time.monotonic_ns()
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        answer = {}

        def started(status, headers, exc_info=None):
            answer["status"] = int(status.split()[0])
            return start_response(status, headers, exc_info)

        chunks = list(self.application(environ, started))
        line = json.dumps({
            "began": began,
            "ended": time.monotonic_ns(),
            **described(environ, body),
            "status": answer.get("status", 0),
            "request": body.decode("utf-8", "replace"),
            "response": b"".join(chunks).decode("utf-8", "replace"),
        })
        with self.lock:
            self.file.write(line + "\n")
        return chunks


def described(environ, body):
    scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    query = environ.get("QUERY_STRING", "")
    action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if not action and "form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        action = dict(urllib.parse.parse_qsl(body.decode())).get("Action", "")
    if not action:
        # The REST services have no name for an action in the request: "PUT policy" sets the policy of a bucket.
        first = query.partition("&")[0].partition("=")[0]
        action = (environ["REQUEST_METHOD"] + " " + first).strip()
    key, service = scope.groups() if scope else ("", "")
    return {"key": key, "service": service, "action": action, "path": environ.get("PATH_INFO", ""), "query": query}


def main():
    corrections.apply()
    application = RequestLog(DomainDispatcherApplication(create_backend_app), sys.argv[1])
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
