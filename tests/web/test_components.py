"""The shared parts of pages, rendered alone: what people read, and that each is strict HTML."""

from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from wtforms import (
    BooleanField,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice

from marketplace.kernel.money import Money
from marketplace.web import templating

TEMPLATES = Path(__file__).parents[2] / "templates"


class Birthday(Form):  # type: ignore[misc]
    """A day in three boxes."""

    day = IntegerField("Day")
    month = IntegerField("Month")
    year = IntegerField("Year", [validators.InputRequired("Enter the year.")])


class About(Form):  # type: ignore[misc]
    """One field of each kind."""

    name = StringField("Your name", [validators.InputRequired("Enter your name.")])
    nickname = StringField("Nickname", [validators.Optional()], description="Friends may use it.")
    hours = IntegerField(
        "Hours", [validators.InputRequired("Enter hours."), validators.NumberRange(1, 9)]
    )
    story = TextAreaField("Your story")
    council = SelectField("Your council", choices=[SelectChoice("b", "Barnsley")])
    when = RadioField(
        "When", [validators.InputRequired("Choose when.")], choices=[SelectChoice("m", "Morning")]
    )
    agree = BooleanField("I agree")
    born = FormField(Birthday, "Date of birth")


class Parts:
    """Renders components; each call is one component."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, name: str, *args: object, **options: object) -> BeautifulSoup:
        """Return a component's HTML, read by a strict parser."""
        macro = getattr(self._app.jinja_env.get_template(f"components/{name}.html").module, name)
        html = str(macro(*args, **options))
        html5lib.HTMLParser(strict=True).parseFragment(html)
        return BeautifulSoup(html, "html5lib")


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    """Give the renderer inside a request, where addresses can be made."""
    app = Flask("parts", template_folder=str(TEMPLATES))
    templating.register(app)
    app.add_url_rule("/find/<int:page>", "find")
    with app.test_request_context():
        yield Parts(app)


def wrong() -> About:
    """Return a form sent empty."""
    form = About()
    form.validate()
    return form


class TestField:
    """One labelled field."""

    @pytest.mark.parametrize("name", list(About()._fields))
    def test_every_kind_is_strict_html_right_or_wrong(self, parts: Parts, name: str) -> None:
        right, refused = parts("field", About()[name]), parts("field", wrong()[name])

        assert right.select("label")
        assert refused.select("label")

    def test_says_nothing_of_hints_it_has_not(self, parts: Parts) -> None:
        soup = parts("field", About().name)

        assert not soup.select(".govuk-hint")
        assert not soup.select("[aria-describedby]")

    def test_points_from_the_box_to_its_hint_and_its_error(self, parts: Parts) -> None:
        box = parts("field", wrong().name, hint="As on your letters.").select_one("input")

        assert box
        assert box["aria-describedby"] == "name-hint name-error"

    def test_marks_what_may_be_left_empty(self, parts: Parts) -> None:
        assert "Nickname (optional)" in parts("field", About().nickname).text

    def test_takes_numbers_as_text_so_that_a_wheel_cannot_change_them(self, parts: Parts) -> None:
        box = parts("field", About().hours).select_one("input")

        assert box
        assert (box["type"], box["inputmode"], box.get("min")) == ("text", "numeric", None)

    def test_shows_the_error_of_a_part_of_a_date(self, parts: Parts) -> None:
        assert "Enter the year." in parts("field", wrong().born).text

    def test_can_be_the_heading_of_its_page(self, parts: Parts) -> None:
        assert parts("field", About().when, heading=True).select_one("legend h1")


def test_error_summary_leads_to_each_field(parts: Parts) -> None:
    links = [link["href"] for link in parts("error_summary", wrong()).select("a")]

    assert links == ["#name", "#hours", "#council", "#when-0", "#born-year"]


def test_error_summary_is_not_there_when_nothing_is_wrong(parts: Parts) -> None:
    assert not parts("error_summary", About()).text.strip()


def test_stars_say_the_rating_in_words(parts: Parts) -> None:
    assert "4.6 out of 5, 12 ratings" in parts("stars", 46, 12).text
    assert "5.0 out of 5, 1 rating" in parts("stars", 50, 1).text
    assert "No ratings yet" in parts("stars", None, 0).text


def test_price_of_nothing_reads_free(parts: Parts) -> None:
    assert parts("price", Money(0), "an hour").text.strip() == "Free"
    assert "£12.50 an hour" in parts("price", Money(1250), "an hour").text


def test_money_bar_draws_what_it_says(parts: Parts) -> None:
    soup = parts("money_bar", Money(2500), Money(2500), Money(5000), "Your money")

    left = soup.select_one(".money-bar__drawing .money-bar__left")
    assert left
    assert left["width"] == "50.0%"
    assert "£50.00 left, £25.00 set aside, £25.00 spent" in soup.text


@pytest.mark.parametrize("name", ["bar_chart", "column_chart"])
@pytest.mark.parametrize("rows", [[], [("April", 0, "none")], [("April", 3, "3"), ("May", 6, "6")]])
def test_charts_carry_their_numbers_as_a_table(
    parts: Parts, name: str, rows: list[tuple[str, int, str]]
) -> None:
    soup = parts(name, "Orders", "Each month.", rows)

    assert [row.text.strip() for row in soup.select("tbody th")] == [row[0] for row in rows]


def test_pagination_of_one_page_is_nothing(parts: Parts) -> None:
    assert not parts("pagination", 1, 1, "find").text.strip()


def test_pagination_shows_the_ends_and_the_neighbours(parts: Parts) -> None:
    numbers = parts("pagination", 5, 9, "find", {"q": "garden"}).select("ul a")

    assert [link.text.removeprefix("Page ") for link in numbers] == ["1", "4", "5", "6", "9"]
    assert numbers[0]["href"] == "/find/1?q=garden"


def test_picture_without_a_photograph_is_decoration(parts: Parts) -> None:
    drawing = parts("picture", category="meals").select_one("img")
    unknown = parts("picture", category="unheard-of").select_one("img")

    assert drawing
    assert unknown
    assert (drawing["src"], drawing["alt"]) == ("/static/img/pictures/meals.svg", "")
    assert unknown["src"] == "/static/img/pictures/anything.svg"
