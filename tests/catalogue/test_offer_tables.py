"""Many offers from a table: read, looked at, taken in; the same table twice is once."""

import csv
import io
import random
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import ManyWritten, WriteOffer
from marketplace.catalogue.queries import OfferCard
from marketplace.catalogue.rules import OfferState, PriceBands, SaleDays, Unit
from marketplace.catalogue.rules.offer_tables import HEAD, LINES_MAX, OfferTable, read_offers
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.tables import BYTES_MAX, BadTableError, table_text
from marketplace.web.downloads import csv_text
from tests.conftest import NOON
from tests.factories import Make

TODAY = NOON.date()
SHORT = "name,kind of support,unit,price\n"


def write(session: Session, owner: Actor, text: str) -> tuple[ManyWritten, OfferTable]:
    table = read_offers(text)
    return commands.write_many(session, table.lines, by=owner, at=NOON), table


def mine(session: Session, owner: Actor) -> dict[str, OfferCard]:
    cards = queries.offers_of_provider(
        session, provider_id=owner.works_for, funded_by=frozenset(), on=TODAY, with_drafts=True
    )
    return {card.title: card for card in cards}


def export(session: Session, owner: Actor) -> str:
    return csv_text(HEAD, queries.rows_of_offers(session, by=owner))


@pytest.fixture
def owner(make: Make) -> Actor:
    return make.provider(title="Tea together")


class TestATable:
    def test_taken_and_sent_back_changes_nothing(
        self, session: Session, make: Make, owner: Actor
    ) -> None:
        make.category("garden-help", name="Garden, house & home")
        full = WriteOffer(
            offer_id=uuid4(),
            title='-Ann\'s "best" help, weekly',
            category="garden-help",
            unit=Unit.SESSION,
            bands=PriceBands(Money(40_00), Money(45_00), Money(50_00), Money(80_00)),
            summary="=1+1 is what we do",
            about="First line.\n\n- a list\n- of things",
            included=("Tools | gloves", "Tea"),
            menu=("Hedge | lawn", "Roses"),
            must_choose=True,
            notice_hours=48,
            late_cancel_percent=50,
            terms="None.",
            days=("mon", "sun"),
            times=("morning",),
            places_free=0,
            sale_days=SaleDays(TODAY, TODAY + timedelta(days=30)),
        )
        commands.add_offer(session, full, by=owner, at=NOON, publish=True)
        text = export(session, owner)

        done, table = write(session, owner, text)

        assert (table.wrong, done.wrong, done.taken) == ((), (), ())
        assert len(done.same) == 2
        assert export(session, owner) == text

    def test_adds_and_changes_and_twice_is_once(self, session: Session, owner: Actor) -> None:
        text = SHORT + "TEA together,company,hour,17.50\nWalks,Company,session,20\n"

        first, _ = write(session, owner, text)
        second, _ = write(session, owner, text)

        assert (first.added, first.changed) == (1, 1)
        changed = next(line for line in first.taken if not line.is_new)
        assert changed.changes == (
            "It was called “Tea together” and is now called “TEA together”.",
            "The price was £15.00 and is now £17.50.",
        )
        assert (second.taken, second.same) == ((), (2, 3))
        assert {title: card.public.price for title, card in mine(session, owner).items()} == {
            "TEA together": Money(17_50),
            "Walks": Money(20_00),
        }
        assert mine(session, owner)["Walks"].state is OfferState.DRAFT

    def test_leaves_what_it_has_no_column_for(
        self, session: Session, make: Make, owner: Actor
    ) -> None:
        offer_id = make.offer(provider=owner, title="Walks", evening=Money(18_00))

        write(session, owner, SHORT + "Walks,company,hour,16\n")

        offer = queries.kept_offer(session, offer_id=offer_id, by=owner)
        assert offer.public == PriceBands(Money(16_00), Money(18_00))
        assert offer.summary == "An hour of company."

    def test_publishes_and_pauses(self, session: Session, make: Make, owner: Actor) -> None:
        offer_id = make.offer(provider=owner, title="Walks")
        head = SHORT.strip() + ",offer,on sale\n"

        done, _ = write(
            session,
            owner,
            head + f"Walks,company,hour,15,{offer_id},no\nSongs,company,hour,9,,yes\n",
        )

        assert done.wrong == ()
        assert mine(session, owner)["Walks"].state is OfferState.PAUSED
        assert mine(session, owner)["Songs"].state is OfferState.ON_SALE
        back, _ = write(session, owner, head + f"Walks,company,hour,15,{offer_id},draft\n")
        assert back.wrong[0].reason == "It was published, so it cannot be a draft again. Write no."

    def test_is_a_stores_own(self, session: Session, make: Make, owner: Actor) -> None:
        theirs = make.offer(title="Theirs")
        done, _ = write(
            session, owner, SHORT.strip() + f",offer\nMine now,company,hour,1,{theirs}\n"
        )

        assert done.taken == ()
        assert done.wrong[0].reason.startswith("We cannot find that offer in your store.")
        with pytest.raises(NotFoundError):
            write(session, make.person(), SHORT + "Walks,company,hour,1\n")


class TestSaleDays:
    HEAD = SHORT.strip() + ",on sale,first day on sale,last day on sale\n"

    def write(self, session: Session, owner: Actor, line: str) -> OfferCard:
        """Write one line about walks, that nothing is wrong with; return what they are then."""
        done, table = write(session, owner, self.HEAD + f"Walks,company,hour,15,{line}\n")
        assert (table.wrong, done.wrong) == ((), ())
        return mine(session, owner)["Walks"]

    def test_are_read_as_people_and_spreadsheets_write_them(
        self, session: Session, owner: Actor
    ) -> None:
        card = self.write(session, owner, "yes,2026-04-01,24/12/2026")

        assert card.sale_days == SaleDays(date(2026, 4, 1), date(2026, 12, 24))
        assert (card.state, card.ready) == (OfferState.DRAFT, True)

    def test_of_an_offer_that_waits_come_back_as_they_went(
        self, session: Session, owner: Actor
    ) -> None:
        self.write(session, owner, "yes,1/4/2026,")
        text = export(session, owner)

        done, table = write(session, owner, text)

        assert "yes,2026-04-01,\r\n" in text
        assert (table.wrong, done.wrong, done.taken, len(done.same)) == ((), (), (), 2)
        assert mine(session, owner)["Walks"].ready

    def test_are_taken_away_by_empty_cells_and_kept_without_columns(
        self, session: Session, owner: Actor
    ) -> None:
        self.write(session, owner, "yes,1/4/2026,2/4/2026")
        write(session, owner, SHORT + "Walks,company,hour,16\n")
        assert mine(session, owner)["Walks"].sale_days.first == date(2026, 4, 1)

        card = self.write(session, owner, "yes,,")

        assert (card.sale_days, card.state) == (SaleDays(), OfferState.ON_SALE)

    def test_what_waits_does_not_wait_any_more_when_it_says_no(
        self, session: Session, owner: Actor
    ) -> None:
        self.write(session, owner, "yes,,")
        text = self.HEAD + "Walks,company,hour,15,yes,1/4/2026,\n"
        [taken] = write(session, owner, text)[0].taken
        assert taken.changes == (
            "The first day on sale is now 1 April 2026; there was none.",
            "It waits for its first day.",
        )
        waits = mine(session, owner)["Walks"]
        assert (waits.state, waits.ready) == (OfferState.PAUSED, True)

        card = self.write(session, owner, "no,1/4/2026,")

        assert (card.state, card.ready) == (OfferState.PAUSED, False)

    def test_that_cannot_be_are_refused_by_line(self, session: Session, owner: Actor) -> None:
        done, _ = write(
            session,
            owner,
            self.HEAD
            + "Walks,company,hour,15,yes,2026-04-02,2026-04-01\n"
            + "Songs,company,hour,15,yes,2026-04-01,2026-04-02\n",
        )

        assert [(line.number, line.reason) for line in done.wrong] == [
            (2, "The last day is before the first day.")
        ]
        assert [line.title for line in done.taken] == ["Songs"]


class TestWrongLines:
    @pytest.mark.parametrize(
        ("line", "says"),
        [
            (",company,hour,1", "It has no name."),
            ("=SUM(A1),company,hour,1", "begins with “=”, as a formula does"),
            ("Walks,flying,hour,1", "“flying” is no kind of support we know: Company"),
            ("Walks,,hour,1", "It has no kind of support."),
            ("Walks,company,fortnight,1", "“fortnight” is none of the units: hour,"),
            ("Walks,company,hour,", "It has no price."),
            ("Walks,company,hour,free", "“free” under “price” is no amount."),
            ("Walks,company,hour,0", "more than nothing"),
            ("Walks,company,hour", "It has 3 columns, and the table has 4."),
            ("Walks,company,hour,1,2", "It has 5 columns, and the table has 4."),
            ('"Walks,company,hour,1', "damaged, or the file breaks off"),
            ("W" * 201 + ",company,hour,1", "201 characters"),
            ("W\ufffdlks,company,hour,1", "cannot be read"),
        ],
    )
    def test_say_why_and_the_others_are_taken(
        self, session: Session, owner: Actor, line: str, says: str
    ) -> None:
        done, table = write(session, owner, SHORT + "Songs,company,hour,9\n" + line + "\n")

        (wrong,) = (*table.wrong, *done.wrong)
        assert wrong.number == 3
        assert says in wrong.reason
        assert [each.title for each in done.taken] == ["Songs"]

    @pytest.mark.parametrize(
        ("column", "cell", "says"),
        [
            ("days", "Mon | Someday", "is none of the days"),
            ("from age", "x", "“x” under “from age” is no whole number."),
            ("from age", "121", "0 to 120"),
            ("free places", "10001", "Places are between"),
            ("late cancellation in per cent", "101", "between 0 and 100"),
            ("on sale", "perhaps", "is none of"),
            ("on sale", "no", "cannot be paused"),
            ("first day on sale", "31/2/2026", "“31/2/2026” under “first day on sale” is no day."),
            ("last day on sale", "soon", "“soon” under “last day on sale” is no day."),
            ("last day on sale", "3/3/2026", "The last day has passed."),
            ("offer", "1", "“1” names no offer."),
        ],
    )
    def test_of_other_columns_do_too(
        self, session: Session, owner: Actor, column: str, cell: str, says: str
    ) -> None:
        done, table = write(
            session, owner, SHORT.strip() + f",{column}\nWalks,company,hour,1,{cell}\n"
        )

        (wrong,) = (*table.wrong, *done.wrong)
        assert says in wrong.reason

    def test_about_one_offer_twice_are_refused(
        self, session: Session, make: Make, owner: Actor
    ) -> None:
        twins = [make.offer(provider=owner, title="Walks") for _ in range(2)]
        one = queries.kept_offer(session, offer_id=twins[0], by=owner)

        done, table = write(
            session,
            owner,
            SHORT.strip()
            + ",offer\nSongs,company,hour,1,\nSONGS,company,hour,2,\n"
            + "Walks,company,hour,1,\nTea together,company,hour,3,\n"
            + f"Stroll,company,hour,1,{one.id}\n",
        )

        reasons = {line.number: line.reason for line in (*table.wrong, *done.wrong)}
        assert reasons == {
            3: "Line 2 is about the same offer.",
            4: "2 of your offers are called this. Fill in the first column.",
        }


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "empty"),
            (b"PK\x03\x04zip", "not a CSV"),
            (b"%PDF-1.7", "not a CSV"),
            (b"a\0b", "not a CSV"),
            (b"x" * (BYTES_MAX + 1), "bigger than 200 kB"),
            (b"hello", "none called “name”"),
            (b"name,name,kind of support,unit,price\n", "Two columns are called “name”"),
            (SHORT.strip().encode() + b",secret\n", "do not know the column “secret”"),
            (SHORT.encode() + b"a,b,c,d\n" * (LINES_MAX + 1), "more than 300 lines"),
        ],
    )
    def test_are_refused_with_a_sentence(self, content: bytes, says: str) -> None:
        with pytest.raises(BadTableError, match=says):
            read_offers(table_text(content))

    def test_of_other_spreadsheets_are_read(self, session: Session, owner: Actor) -> None:
        line = "Café;company;hour;9,50"
        text = SHORT.replace(",", ";") + line + "\n"

        for content in (text.encode("utf-16"), text.encode("cp1252"), text.encode("utf-8-sig")):
            table = read_offers(table_text(content))
            assert [each.number for each in table.wrong] == [2]  # 9,50 is no amount here
            assert "9,50" in table.wrong[0].reason

    def test_that_are_broken_anywhere_change_only_whole_good_lines(
        self, session: Session, make: Make, owner: Actor
    ) -> None:
        text = export(session, owner)
        rng = random.Random(20260322)
        for _ in range(300):
            content = bytearray(text.encode())
            for _ in range(rng.randint(1, 4)):
                place = rng.randrange(len(content))
                match rng.randrange(3):
                    case 0:
                        content[place] = rng.randrange(256)
                    case 1:
                        del content[place:]
                        content += b"\n"
                    case _:
                        content[place:place] = rng.choice([b'"', b",", b"\n", b"=1", b"\xff"])
            try:
                table = read_offers(table_text(bytes(content)))
            except BadTableError:
                continue
            with session.begin_nested() as tried:
                done = commands.write_many(session, table.lines, by=owner, at=NOON)
                tried.rollback()
            assert all(line.reason for line in (*table.wrong, *done.wrong))


def test_a_table_names_only_columns_it_can_read() -> None:
    (row,) = csv.reader(io.StringIO(csv_text(HEAD, [])))

    assert tuple(row) == HEAD
    assert UUID(int=0) not in row
