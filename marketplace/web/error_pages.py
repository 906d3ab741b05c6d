"""What people see when something cannot be done: one table from refusals to pages."""

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from marketplace.kernel.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.web.problems import for_program, problem


def register(app: Flask) -> None:
    """Answer every refusal of the application with a page."""
    app.register_error_handler(NotFoundError, _not_found)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(NotAllowedError, _not_allowed)
    app.register_error_handler(DomainError, _conflict)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(429, _too_many)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(500, _broken)


def _not_found(refusal: Exception) -> Response:
    if for_program():
        said = isinstance(refusal, NotFoundError)
        return problem(404, str(refusal) if said else "There is no such address.")
    return make_response(render_template("errors/not_found.html"), 404)


def _not_allowed(refusal: NotAllowedError) -> Response:
    return make_response(render_template("errors/not_allowed.html", sentence=str(refusal)), 403)


def _conflict(refusal: DomainError) -> Response:
    return make_response(render_template("errors/conflict.html", sentence=str(refusal)), 409)


def _expired(_refusal: CSRFError) -> Response:
    """Offer to send the form again, with everything that was typed.

    Only for a form that came from our own page: the browser says so, and another site cannot.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin" or (
        request.headers.get("Origin") == request.host_url.rstrip("/")
    )
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    ]
    again = request.full_path.rstrip("?")
    page = render_template("errors/expired.html", typed=typed if ours else [], again=again)
    return make_response(page, 400)


def _too_large(_refusal: RequestEntityTooLarge) -> Response:
    sentence = "That file is too big to send. Choose a smaller one."
    return make_response(render_template("errors/conflict.html", sentence=sentence), 413)


def _too_many(_refusal: Exception) -> Response:
    return make_response(render_template("errors/too_many.html"), 429)


def _plain(refusal: HTTPException) -> Response | HTTPException:
    if refusal.code is None or refusal.code < 400:  # noqa: PLR2004 - redirects are no errors
        return refusal
    sentence = _SENTENCES.get(refusal.code, "We could not understand what your browser sent.")
    if for_program():
        answer = problem(refusal.code, _FOR_PROGRAMS.get(refusal.code, "We cannot read that."))
    else:
        page = render_template("errors/conflict.html", sentence=sentence)
        answer = make_response(page, refusal.code)
    for name, value in refusal.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _broken(_failure: Exception) -> Response:
    g.failed = True
    if for_program():
        return problem(500, "Something broke on our side. Try again in a few minutes.")
    return make_response(render_template("errors/broken.html"), 500)


_SENTENCES = {
    405: "That page cannot be opened like this. Go back and use the button on the page.",
}
_FOR_PROGRAMS = {405: "This address can only be read: use GET or HEAD."}
