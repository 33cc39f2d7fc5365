"""A product that signs people in with Authlib, then asks every other endpoint, and answers its callback with what it
saw. Ends with its standard input."""

import json
import os
import sys
import threading

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, redirect, request
from werkzeug.serving import make_server

told = json.loads(sys.argv[1])
here = f"http://localhost:{told['port']}"
app = Flask(__name__)
app.secret_key = os.urandom(32)
teamdoor = OAuth(app).register(
    "teamdoor",
    server_metadata_url=told["issuer"] + "/.well-known/openid-configuration",
    client_id=told["client_id"],
    client_secret=told["client_secret"],
    client_kwargs={
        "scope": "openid profile email offline_access",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": told["method"],
    },
)


@app.get("/login")
def login():
    return teamdoor.authorize_redirect(here + "/callback", team_id=request.args["team_id"])


@app.get("/callback")
def callback():
    tokens = teamdoor.authorize_access_token()
    metadata = teamdoor.load_server_metadata()
    session = OAuth2Session(told["client_id"], told["client_secret"], token_endpoint_auth_method=told["method"])
    endpoint = metadata["token_endpoint"]

    def refresh(refresh_token):
        return dict(session.refresh_token(endpoint, refresh_token=refresh_token))

    second = refresh(tokens["refresh_token"])
    introspected = session.introspect_token(metadata["introspection_endpoint"], token=second["access_token"]).json()
    session.revoke_token(metadata["revocation_endpoint"], token=second["access_token"]).raise_for_status()
    revoked = status(second)
    third = refresh(second["refresh_token"])
    saw = {
        "claims": tokens["userinfo"],
        "userinfo": teamdoor.userinfo(token=third),
        "refreshed": teamdoor.parse_id_token(second, nonce=None),
        "rotated": len({one["refresh_token"] for one in (tokens, second, third)}) == 3,
        "introspected": introspected,
        "revoked": revoked,
        "lives": status(third),
        "reused": refused(lambda: refresh(tokens["refresh_token"])),
        "family": status(third),
        "code": refused(lambda: session.fetch_token(endpoint, code=request.args["code"], redirect_uri=here + "/callback")),
    }
    out = teamdoor.create_logout_url(here + "/signed-out", tokens["id_token"], "back", client_id=told["client_id"])
    return json.dumps({**saw, "end_session": out["url"]})


@app.get("/signed-out")
def signed_out():
    return "out"


def status(token):
    """What UserInfo answers a token."""
    return teamdoor.get(teamdoor.load_server_metadata()["userinfo_endpoint"], token=token).status_code


def refused(ask):
    """The error with which something is refused."""
    try:
        ask()
    except OAuthError as error:
        return error.error
    return None


def end_with_standard_input():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_standard_input, daemon=True).start()
server = make_server("127.0.0.1", told["port"], app, threaded=True)
print("ready", flush=True)
server.serve_forever()
