"""Tables in a folder or a zip file, within limits: a small file can unpack to more than a disk."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from marketplace.feeds.adapters import RawFeed
from marketplace.feeds.errors import BadFeedError, TooMuchError
from marketplace.feeds.rules.said import Remark

FILE_BYTES_MAX = 128 * 1024 * 1024
ALL_BYTES_MAX = 512 * 1024 * 1024
FILES_MAX = 200
RATIO_MAX = 200
"""A table packs to a tenth or a twentieth; what packs to less than this is made to burst."""
ROWS_MAX = 1_000_000
PIECE = 1024 * 1024

Row = Mapping[str, str]
Tables = dict[str, list[Row]]


def read_tables(path: Path, feed: RawFeed) -> Tables:
    """Return the tables of a data package by their names, without ``.csv``.

    Raises:
        BadFeedError: it is no folder and no zip file, or holds no tables.
        TooMuchError: it unpacks to more than any package has.
    """
    files = dict(_of_zip(path)) if path.is_file() else dict(_of_folder(path))
    names = _named(files, feed)
    tables: Tables = {}
    for name, file in names.items():
        tables[name] = read_table(files[file], file, feed)
    if not tables:
        raise BadFeedError("There is no table (.csv) in it.")
    return tables


def read_table(content: bytes, where: str, feed: RawFeed) -> list[Row]:
    """Return the rows of a table; rows that are none are said in lines."""
    reader = csv.reader(io.StringIO(decoded(content, where, feed), newline=""))
    rows: list[Row] = []
    header: list[str] = []
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as failure:
            why = f"it is not written like a table: {failure}."
            feed.cut(f"{where} line {reader.line_num}", why)
            continue
        if cells is None:
            return rows
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [cell.strip() for cell in cells]
        elif len(cells) != len(header):
            why = f"it has {len(cells)} columns instead of {len(header)}; it was left out."
            feed.remarks.append(Remark(f"{where} line {reader.line_num}", why))
        else:
            rows.append(dict(zip(header, cells, strict=True)))
        if len(rows) >= ROWS_MAX:
            feed.cut(where, f"it has more than {ROWS_MAX:,} rows.")
            return rows


def decoded(content: bytes, where: str, feed: RawFeed) -> str:
    """Return a file's text, whether it was saved for the web or by an office program."""
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        feed.remarks.append(Remark(where, "it is not UTF-8; it was read as Windows writes it."))
        return content.decode("cp1252", errors="replace").replace("\0", "")


def _of_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    if not path.is_dir():
        raise BadFeedError("There is no such file or folder.")
    total = 0
    for file in sorted(path.iterdir()):
        if file.suffix.lower() in {".csv", ".json"} and file.is_file():
            total += file.stat().st_size
            if file.stat().st_size > FILE_BYTES_MAX or total > ALL_BYTES_MAX:
                raise TooMuchError(f"{file.name} is too long.")
            yield file.name, file.read_bytes()


def _of_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as packed:
            yield from _unpacked(packed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as failure:
        raise BadFeedError(f"It is no zip file that can be read: {failure}.") from None


def _unpacked(packed: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    if len(entries) > FILES_MAX:
        raise TooMuchError(f"It holds {len(entries):,} files, which is too many.")
    total = 0
    for entry in entries:
        # A path in a zip file is only looked at for its last part; nothing is written anywhere.
        name = PurePosixPath(entry.filename.replace("\\", "/")).name
        if not name.lower().endswith((".csv", ".json")):
            continue
        content = _unpacked_one(packed, entry)
        total += len(content)
        if total > ALL_BYTES_MAX:
            raise TooMuchError("It unpacks to more than any package has.")
        yield name, content


def _unpacked_one(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    pieces, size = [], 0
    with packed.open(entry) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            # What a zip file says of its sizes may be a lie, so it is counted.
            if size > FILE_BYTES_MAX or size > PIECE + RATIO_MAX * max(1, entry.compress_size):
                raise TooMuchError(f"{entry.filename[:60]} unpacks to far more than it is.")
            pieces.append(piece)
    return b"".join(pieces)


def _named(files: Mapping[str, bytes], feed: RawFeed) -> dict[str, str]:
    """Return names and files of tables: as datapackage.json says, else as files are called."""
    found = {
        name.lower().removesuffix(".csv"): name for name in files if name.lower().endswith(".csv")
    }
    if "datapackage.json" not in files:
        return found
    try:
        said = json.loads(files["datapackage.json"].decode("utf-8-sig"))
        resources = said.get("resources", [])
        for each in resources:
            file = PurePosixPath(str(each["path"])).name
            if file in files and each.get("name"):
                found.pop(file.lower().removesuffix(".csv"), None)
                found[str(each["name"]).lower()] = file
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        feed.remarks.append(Remark("datapackage.json", "it cannot be read and was passed over."))
    return found
