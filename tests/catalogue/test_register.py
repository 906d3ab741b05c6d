"""Taking over services from public registers: previewed, counted, and twice the same."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.adapters.registers import BadLine, decoded, read_register
from marketplace.catalogue.errors import BadRegisterError
from marketplace.catalogue.queries import CategoryRow
from marketplace.catalogue.rules import ImportResult, ProviderState, RegisterEntry
from marketplace.database import reading
from marketplace.kernel.ages import Ages
from tests.conftest import NOON
from tests.factories import Make

SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
RQIA = SHARED / "registers" / "rqia-services.csv"

CQC_HEADER = (
    "Name,Also known as,Address,Postcode,Phone number,Service's website (if available),"
    "Service types,Date of latest check,Specialisms/services,Provider name,Local authority,Region,"
    "Location URL,CQC Location ID (for office use only),CQC Provider ID (for office use only)"
)
CQC = f"""This is a made-up directory for tests.,,,,,,,,,,,,,,
Published on 1 March 2026,,,,,,,,,,,,,,

{CQC_HEADER}
Larkfield Care,,"1 Lark Lane, Leeds",LS6 2AB,01632960201,www.larkfield.example,Homecare agencies,\
01/02/2026,"Dementia|Caring for adults over 65 yrs",Larkfield Ltd,Leeds,Yorkshire,\
https://cqc.example/1,1-100,2-100
Bright Teeth,,"2 Lark Lane, Leeds",LS6 2AB,,,Dentist,01/02/2026,,Bright Teeth,Leeds,Yorkshire,\
https://cqc.example/2,1-200,2-200
,,"3 Lark Lane, Leeds",LS6 2AB,,,Homecare agencies,01/02/2026,,Nameless,Leeds,Yorkshire,\
https://cqc.example/3,1-300,2-300
Too few columns,LS6 2AB
No number,,"4 Lark Lane, Leeds",LS6 2AB,,,Nursing homes,01/02/2026,,Nobody,Leeds,Yorkshire,\
https://cqc.example/4,,2-400
"Café
Zoë",,"5 Lark Lane, Leeds",NOWHERE,,none given,"Residential homes,Nursing homes",01/02/2026,\
Learning disabilities,Zoë Ltd,Leeds,Yorkshire,https://cqc.example/5,1-500,2-500
Larkfield Care,,"1 Lark Lane, Leeds",LS6 2AB,01632960299,,Homecare agencies,01/02/2026,,\
Larkfield Ltd,Leeds,Yorkshire,https://cqc.example/1,1-100,2-100
"""


class TestReadRegister:
    def test_reads_care_and_support_and_names_what_it_cannot_read(self) -> None:
        found = read_register(CQC.encode())

        assert (found.register, found.rows, found.not_support) == ("cqc", 7, 1)
        assert [entry.name for entry in found.entries] == ["Larkfield Care", "Café\nZoë"]
        assert found.bad == [
            BadLine(7, "The name is missing."),
            BadLine(8, "It has 2 columns instead of 15."),
            BadLine(9, "The CQC location number is missing."),
        ]
        assert [bad.line for bad in found.twice] == [12]

    def test_maps_words_of_the_register_to_ours(self) -> None:
        lark, zoe = read_register(CQC.encode()).entries

        assert lark == RegisterEntry(
            source="cqc",
            key="1-100",
            name="Larkfield Care",
            about="Homecare agencies. Run by Larkfield Ltd.",
            postcode="LS6 2AB",
            phone="01632960201",
            website="https://www.larkfield.example",
            cqc_id="1-100",
            categories=("personal-care", "home-help"),
            for_whom=("dementia", "older-people"),
            ages=Ages(65, None),
        )
        assert (zoe.website, zoe.categories) == ("", ("respite", "health-and-wellbeing"))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_reads_what_browsers_and_office_programs_write(self, encoding: str) -> None:
        found = read_register(CQC.encode(encoding))

        assert found.entries[1].about.endswith("Run by Zoë Ltd.")

    def test_a_byte_of_no_alphabet_is_no_end(self) -> None:
        assert decoded(b"Zo\x81") == "Zo\N{REPLACEMENT CHARACTER}"

    @pytest.mark.parametrize(
        "content", [b"", b"a,b,c\n1,2,3\n", b"\x89PNG\r\n\x1a\n\x00\x00", b"\n" * 100]
    )
    def test_refuses_a_file_of_no_register(self, content: bytes) -> None:
        with pytest.raises(BadRegisterError):
            read_register(content)

    def test_refuses_a_field_without_end(self) -> None:
        with pytest.raises(BadRegisterError, match="not a CSV file"):
            read_register(b'"' + b"x" * 200_000)

    def test_names_the_line_of_a_field_without_end_and_reads_no_nonsense(self) -> None:
        found = read_register(CQC.encode() + b'"' + b"x" * 200_000)

        assert found.bad[-1].line == 13
        assert "not written like a table" in found.bad[-1].why

    def test_knows_the_northern_irish_register_by_its_header(self) -> None:
        header = "ServiceName,AddressLine1,Town,Postcode,Category,Categories of Care,ProviderName"
        rows = [
            'Elm Court,1 Elm Road,Newry,BT34 1AA,Residential (RC),"RC-DE, RC-LD(E), RC-LD",Elm Ltd',
            "Elm Dental,2 Elm Way,Newry,BT34 1AA,Independent Hospital (IH) - Dental Treatment,,Elm",
            "Elm Thing,3 Elm Road,Newry,BT34 1AA,Spaceport,,Elm",
            ",3 Elm Road,Newry,BT34 1AA,Residential (RC),,Elm",
            f"{'x' * 201},3 Elm Road,Newry,BT34 1AA,Residential (RC),,Elm",
        ]

        found = read_register("\n".join([header, *rows]).encode())

        (elm,) = found.entries
        assert (elm.about, elm.for_whom) == (
            "A residential care home in Newry. Run by Elm Ltd.",
            ("dementia", "learning-disability"),
        )
        assert found.not_support == 1
        assert [bad.line for bad in found.bad] == [4, 5, 6]


class TestImportEntry:
    def entry(self, *, phone: str = "01632 960200", postcode: str = "LS6 2AB") -> RegisterEntry:
        return RegisterEntry(
            source="cqc",
            key="1-100",
            name="Larkfield Care",
            about="Homecare.",
            cqc_id="1-100",
            categories=("personal-care",),
            phone=phone,
            postcode=postcode,
        )

    def test_makes_a_store_that_nobody_looks_after(self, session: Session) -> None:
        assert commands.import_entry(session, self.entry(), at=NOON) is ImportResult.NEW

        store = queries.store(session, slug="larkfield-care")
        (found,) = queries.findable_providers(session)
        assert (store.state, store.source, store.from_register) == (
            ProviderState.UNCLAIMED,
            "cqc",
            True,
        )
        assert (found.from_register, found.categories, found.council_slugs) == (
            True,
            ("personal-care",),
            frozenset(),
        )
        assert found.easting is not None

    def test_twice_is_the_same_and_a_new_number_is_a_change(self, session: Session) -> None:
        commands.import_entry(session, self.entry(), at=NOON)

        again = commands.import_entry(session, self.entry(), at=NOON)
        changed = commands.import_entry(session, self.entry(phone="01632 960999"), at=NOON)

        assert (again, changed) == (ImportResult.SAME, ImportResult.CHANGED)
        assert queries.store(session, slug="larkfield-care").phone == "01632 960999"

    def test_a_postcode_that_is_nowhere_has_no_place(self, session: Session) -> None:
        commands.import_entry(session, self.entry(postcode=""), at=NOON)

        (found,) = queries.findable_providers(session)
        assert (found.easting, found.northing) == (None, None)
        assert queries.store(session, slug="larkfield-care").district == ""

    def test_leaves_a_store_alone_that_has_an_owner(self, session: Session, make: Make) -> None:
        commands.import_entry(session, self.entry(), at=NOON)
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        provider_id = queries.store(session, slug="larkfield-care").id
        claim_id = commands.ask_claim(
            session,
            claim_id=uuid4(),
            provider_id=provider_id,
            words="Me",
            by=make.person(),
            at=NOON,
        )
        commands.decide_claim(session, claim_id=claim_id, approve=True, by=moderator, at=NOON)

        again = commands.import_entry(session, self.entry(phone="0"), at=NOON)

        assert again is ImportResult.SAME
        assert queries.store(session, slug="larkfield-care").phone == "01632 960200"


class TestPutCategory:
    def test_is_new_the_same_or_changed(self, session: Session) -> None:
        company = CategoryRow("company", "Someone to be with", "Rhywun", 50)
        first = CategoryRow("company", "Company", "Rhywun", 5)

        results = [commands.put_category(session, row) for row in (company, company, first)]

        assert results == [ImportResult.NEW, ImportResult.SAME, ImportResult.CHANGED]
        assert queries.categories(session) == [first]


class TestCli:
    def run(self, app: Flask, file: Path, *options: str) -> tuple[int, str]:
        runner: FlaskCliRunner = app.test_cli_runner()
        result = runner.invoke(args=["import", "register", str(file), *options])
        return result.exit_code, result.output

    def stores(self, app: Flask) -> int:
        with app.app_context(), reading() as session:
            return len(list(queries.findable_providers(session)))

    def test_shows_first_and_imports_when_told_to(self, app: Flask, tmp_path: Path) -> None:
        file = tmp_path / "cqc.csv"
        file.write_text(CQC, encoding="utf-8")

        code, said = self.run(app, file)

        assert code == 0
        assert "Register: CQC" in said
        assert "Care and support: 2" in said
        assert "Cannot be read: line 8: It has 2 columns instead of 15." in said
        assert "Larkfield Care, LS6 2AB (personal-care, home-help)" in said
        assert "Nothing was imported." in said
        assert self.stores(app) == 0

        assert "Imported: 2 new, 0 changed, 0 same." in self.run(app, file, "--go")[1]
        assert "Imported: 0 new, 0 changed, 2 same." in self.run(app, file, "--go")[1]
        assert self.stores(app) == 2

    def test_says_what_is_wrong_with_another_file(self, app: Flask, tmp_path: Path) -> None:
        file = tmp_path / "other.csv"
        file.write_text("a,b\n1,2\n")

        code, said = self.run(app, file, "--go")

        assert code == 1
        assert "not the file of a register we know" in said

    @pytest.mark.skipif(not RQIA.exists(), reason="the public register is not on this machine")
    @pytest.mark.one_engine
    def test_takes_the_whole_northern_irish_register(self, app: Flask) -> None:
        code, said = self.run(app, RQIA, "--go")

        assert code == 0
        assert "Rows: 1,526" in said
        assert "Care and support: 1,022" in said
        assert "something else: 503" in said
        assert "in the file twice: 1" in said
        assert "Cannot be read: 0" in said
        assert "Imported: 1,022 new, 0 changed, 0 same." in said
        assert "Imported: 0 new, 0 changed, 1,022 same." in self.run(app, RQIA, "--go")[1]
        assert self.stores(app) == 1022
