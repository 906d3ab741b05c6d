"""The pictures and papers of one's own store."""

from uuid import UUID

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, find_actor, public, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadDocumentError, BadPictureError, BadWordsError
from marketplace.catalogue.forms import DescribeForm, DocumentForm, PictureForm
from marketplace.catalogue.queries import Storefront
from marketplace.catalogue.rules import first_slug
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.web.downloads import file_answer


@catalogue.route("/my-store/pictures", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def pictures() -> str | Response:
    """Show the pictures of the store, and ask for one more and what it shows."""
    form = PictureForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.add_picture(
                    session,
                    picture_id=form.picture_id.data,
                    content=form.picture.data.read(),
                    alt=form.alt.data,
                    by=current_actor(),
                    at=clock.now(),
                )
        except BadPictureError as refusal:
            form.picture.errors = [str(refusal)]
        except BadWordsError as refusal:
            form.alt.errors = [str(refusal)]
        else:
            flash("Your picture is in your store.")
            return redirect(url_for("catalogue.pictures"))
    return render_template(
        "catalogue/pictures.html", form=form, shown=_own(), most=commands.PICTURES_MAX
    )


@catalogue.route("/my-store/picture")
@public
def picture_before() -> Response:
    """Lead on whoever comes by the address that this page had when a store had one picture."""
    return redirect(url_for("catalogue.pictures"), code=308)


@catalogue.route("/my-store/pictures/<uuid:picture_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def describe_picture(picture_id: UUID) -> str | Response:
    """Ask for other words for what a picture shows."""
    shown = next((each for each in _own().pictures if each.id == picture_id), None)
    if shown is None:
        raise NotFoundError
    form = DescribeForm(data={"alt": shown.alt})
    if form.validate_on_submit():
        with transaction() as session:
            commands.describe_picture(
                session,
                picture_id=picture_id,
                alt=form.alt.data,
                by=current_actor(),
                at=clock.now(),
            )
        flash("The words of your picture are changed.")
        return redirect(url_for("catalogue.pictures"))
    return render_template("catalogue/describe_picture.html", form=form, picture_shown=shown)


@catalogue.route("/my-store/pictures/<uuid:picture_id>/up", methods=["POST"])
@requires(Permission.KEEP_STORE)
def move_picture_up(picture_id: UUID) -> Response:
    """Let a picture change places with the one before it."""
    with transaction() as session:
        commands.move_picture_up(session, picture_id=picture_id, by=current_actor(), at=clock.now())
    flash("Your picture has moved up.")
    return redirect(url_for("catalogue.pictures"))


@catalogue.route("/my-store/pictures/<uuid:picture_id>/remove", methods=["POST"])
@requires(Permission.KEEP_STORE)
def remove_picture(picture_id: UUID) -> Response:
    """Take a picture away."""
    with transaction() as session:
        commands.remove_picture(session, picture_id=picture_id, by=current_actor(), at=clock.now())
    flash("That picture is gone.")
    return redirect(url_for("catalogue.pictures"))


@catalogue.route("/pictures/<uuid:picture_id>")
@public
def picture(picture_id: UUID) -> FlaskResponse:
    """Send a store's picture. It never changes: a new picture has a new address."""
    try:
        with reading() as session:
            found = queries.picture(session, picture_id=picture_id)
    except NotFoundError:
        return _picture_not_shown(picture_id)
    answer = FlaskResponse(found.content, mimetype=found.media_type)
    answer.cache_control.public = True
    answer.cache_control.max_age = 7 * 24 * 60 * 60
    answer.cache_control.immutable = True
    return answer


def _picture_not_shown(picture_id: UUID) -> FlaskResponse:
    with reading() as session:
        found = queries.picture(session, picture_id=picture_id, by=find_actor())
    answer = FlaskResponse(found.content, mimetype=found.media_type)
    answer.cache_control.private = True
    answer.cache_control.no_store = True
    return answer


@catalogue.route("/my-store/documents", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def documents() -> str | Response:
    """Show the papers of the store, and ask for one more and its title."""
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.add_document(
                    session,
                    document_id=form.document_id.data,
                    content=form.document.data.read(),
                    title=form.title.data,
                    by=current_actor(),
                    at=clock.now(),
                )
        except BadDocumentError as refusal:
            form.document.errors = [str(refusal)]
        except BadWordsError as refusal:
            form.title.errors = [str(refusal)]
        else:
            flash("Your document is in your store.")
            return redirect(url_for("catalogue.documents"))
    return render_template("catalogue/documents.html", form=form, shown=_own())


@catalogue.route("/my-store/documents/<uuid:document_id>/remove", methods=["POST"])
@requires(Permission.KEEP_STORE)
def remove_document(document_id: UUID) -> Response:
    """Take a paper away."""
    with transaction() as session:
        commands.remove_document(
            session, document_id=document_id, by=current_actor(), at=clock.now()
        )
    flash("That document is gone.")
    return redirect(url_for("catalogue.documents"))


@catalogue.route("/documents/<uuid:document_id>")
@public
def document(document_id: UUID) -> FlaskResponse:
    """Send a store's paper to be kept: never opened as a page of ours."""
    with reading() as session:
        found = queries.document(session, document_id=document_id, by=find_actor())
    ending = "pdf" if found.media_type == "application/pdf" else "txt"
    return file_answer(f"{first_slug(found.title)}.{ending}", found.content, found.media_type)


def _own() -> Storefront:
    with reading() as session:
        store = queries.kept_store(session, by=current_actor())
        return queries.storefront(session, provider_id=store.id)
