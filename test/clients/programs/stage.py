"""What the programs in Python share: where the server is, keys, and what a customer places."""
import json
import os
import time
import urllib.parse
import urllib.request

SERVER_URL = os.environ["CERTMUX_URL"]
KEYS = json.loads(os.environ["CERTMUX_KEYS"])


def stage(where, /, **fields):
    url = f"{os.environ['STAGE_URL']}{where}?{urllib.parse.urlencode(fields)}"
    with urllib.request.urlopen(url) as response:
        return response.read().decode()


def did(what):
    """Tells the person who reads the report what was done."""
    print(f"- {what}", flush=True)


def need(condition, what):
    if not condition:
        raise SystemExit(what)


def poll(ask, is_done, what):
    """Asks again until the answer is there; a client would sleep for longer."""
    for _ in range(200):
        answer = ask()
        if is_done(answer):
            return answer
        time.sleep(0.05)
    raise SystemExit(f"waited in vain until {what}")
