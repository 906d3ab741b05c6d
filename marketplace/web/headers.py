"""Security headers on every answer, errors too."""

from flask import Flask, Response, request

from marketplace.web.site import settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Add the headers to every answer of the application."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Add the security headers to one answer."""
    there = {name.lower() for name, _ in response.headers}
    for name, value in _ALWAYS.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    if tiles := settings().map_host:
        policy = POLICY.replace("img-src 'self'", f"img-src 'self' {tiles}")
        response.headers["Content-Security-Policy"] = policy
    if request.is_secure:
        response.headers.setdefault(
            "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
        )
    # Pages are about one person; a shared computer must not show them to the next.
    if request.endpoint != "static" and "cache-control" not in there:
        response.headers["Cache-Control"] = "no-store"
    return response


def vary(response: Response, name: str) -> None:
    """Tell caches that an answer depends on a header of what was asked."""
    told = response.headers.get("Vary")
    if told is None:
        response.headers["Vary"] = name
    elif name.lower() not in {one.strip().lower() for one in told.split(",")}:
        response.headers["Vary"] = f"{told}, {name}"
