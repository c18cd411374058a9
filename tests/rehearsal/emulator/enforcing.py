"""Serves ministack, an emulator of AWS that evaluates policies, on a free port of the loopback interface for the rehearsal.

Like emulator.py it prints {"port": N} when it accepts connections, and ends when its standard input does. It believes the
X-Forwarded-Proto header about TLS.
"""

import asyncio
import json
import os
import socket
import sys
import threading

from hypercorn.asyncio import serve
from hypercorn.config import Config


def application(port):
    # Read at import. Nothing but the one port is served.
    os.environ.update(
        AUTH="true", GATEWAY_PORT=str(port), MINISTACK_HOST="127.0.0.1", IOT_MTLS_ENABLED="0", SFTP_ENABLED="0", LOG_LEVEL="ERROR",
    )
    from ministack import app

    encryption_key_headers()
    return app.app


def encryption_key_headers():
    """S3 gives a policy what an upload says about its encryption key, too."""
    from ministack.core import iam_actions

    original = iam_actions._s3_object_context

    def context(iam_action, query_params, path, headers):
        known = original(iam_action, query_params, path, headers)
        if iam_action == "s3:PutObject":
            for name in (
                "x-amz-server-side-encryption-aws-kms-key-id",
                "x-amz-server-side-encryption-customer-algorithm",
            ):
                if headers.get(name):
                    known["s3:" + name] = headers[name]
        return known

    iam_actions._s3_object_context = context


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.errorlog = "-"

    def end():
        sys.stdin.read()
        os._exit(0)

    app = application(port)
    threading.Thread(target=end, daemon=True).start()
    print(json.dumps({"port": port}), flush=True)
    asyncio.run(serve(app, config))


if __name__ == "__main__":
    main()
