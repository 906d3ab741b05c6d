"""Pages in larger type, with short sentences and drawings: wanted or not."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import public
from marketplace.access.rules import own_path
from marketplace.home.forms import EasyReadForm
from marketplace.home.views.blueprint import home
from marketplace.web.easy_read import remember, wants_easy_read


@home.route("/easy-read", methods=["GET", "POST"])
@public
def easy_read() -> str | Response:
    """Let somebody choose Easy Read, and go back to the page they came from."""
    form = EasyReadForm()
    if form.validate_on_submit():
        wanted = form.wanted.data == "yes"
        flash("Easy Read is on." if wanted else "Easy Read is off.")
        answer = redirect(own_path(form.back.data) or url_for("home.front"))
        remember(answer, wanted=wanted)
        return answer
    back = own_path(request.values.get("back")) or ""
    return render_template("home/easy_read.html", form=form, back=back, is_on=wants_easy_read())
