"""Signs Motioness proxy URLs. Standard library only; copy it into your project.
>>> sign("pk_abc", "https://cdn.acme.com/hero.png", "test-secret", exp=1714808400)[:50]
'/v1/pk_abc/aHR0cHM6Ly9jZG4uYWNtZS5jb20vaGVyby5wbmc'
"""

import base64
import hashlib
import hmac
import re
import time
from urllib.parse import urlencode


def sign(project_key, src, secret, *, exp=None, ttl_seconds=3600, suffix="mp4", **options):
    """The path and query of a signed URL; put the server's address before it.

    src is the full source URL; exp is Unix seconds. Options (motion, mode, dur, ...) are
    appended, and are not part of the signature. ValueError names what no server would take.
    """
    exp = int(time.time()) + ttl_seconds if exp is None else exp
    good = {"secret": secret, "project_key": re.fullmatch(r"pk_[A-Za-z0-9]{1,64}", project_key),
            "exp": 0 < exp < 1e11,
            "src": re.fullmatch(r"https?://[^/#][^#]*", src) and len(src) <= 2048}
    if not all(good.values()):
        raise ValueError("not good: " + ", ".join(name for name in good if not good[name]))
    path = base64.urlsafe_b64encode(src.encode()).decode().rstrip("=")
    message = f"{project_key}:{src}:{exp}"
    sig = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    query = urlencode({**options, "sig": sig, "exp": exp})
    return f"/v1/{project_key}/{path}.{suffix}?{query}"
