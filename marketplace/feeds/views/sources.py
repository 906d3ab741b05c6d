"""Where entries of other catalogues come from, and the questions they leave open."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.feeds import commands
from marketplace.feeds.errors import AnsweredAlreadyError
from marketplace.feeds.forms import AnswerForm
from marketplace.feeds.queries import sources as queries
from marketplace.feeds.rules.planning import Deed
from marketplace.feeds.views.blueprint import feeds
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError


@feeds.route("/open-data/sources")
@requires(Permission.MODERATE)
def sources() -> str:
    """Show the other catalogues that entries come from."""
    with reading() as session:
        rows = queries.sources(session, by=current_actor())
    return render_template("feeds/sources.html", rows=rows)


@feeds.route("/open-data/sources/<uuid:source_id>")
@requires(Permission.MODERATE)
def source(source_id: UUID) -> str:
    """Show one of them: what is asked, what would change, what was refused."""
    with reading() as session:
        found = queries.source_for(session, source_id=source_id, by=current_actor())
        readings = queries.readings(session, source_id=source_id)
        questions = queries.open_questions(session, source_id=source_id)
    return render_template(
        "feeds/source.html", source=found, readings=readings, questions=questions, deeds=list(Deed)
    )


@feeds.route("/open-data/questions/<uuid:question_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def question(question_id: UUID) -> str | Response:
    """Show both sides, and ask whether they are the same."""
    actor = current_actor()
    with reading() as session:
        asked = queries.question_for(session, question_id=question_id, by=actor)
    back = url_for("feeds.source", source_id=asked.source_id)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.answer_question(
                    session,
                    question_id=question_id,
                    answer=form.chosen,
                    by=actor,
                    at=clock.now(),
                )
        except AnsweredAlreadyError as refusal:
            flash(str(refusal), "warning")
        except NotFoundError as refusal:
            form.answer.errors = [str(refusal)]
            return render_template("feeds/question.html", form=form, question=asked)
        else:
            flash("Thank you. It is done as you said.")
        return redirect(back)
    return render_template("feeds/question.html", form=form, question=asked)
