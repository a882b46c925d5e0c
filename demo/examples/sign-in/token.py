import base64, hashlib, hmac, json, time


def podpora_token(member, secret):
    """A token for a member of your site. It is valid for five minutes; the widget asks for another one when it needs it."""

    def base64url(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    def encode(value):
        return base64url(json.dumps(value).encode())

    now = int(time.time())
    claims = {"aud": "podpora", "sub": member["id"], "name": member["name"], "email": member["email"],
              "iat": now, "exp": now + 300}
    body = encode({"alg": "HS256", "typ": "JWT"}) + "." + encode(claims)
    return body + "." + base64url(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest())
