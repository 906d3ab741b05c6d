"""Changing what a CHECK says, in both spellings, without touching the rows."""

from alembic import op


def change_check(table: str, name: str, *, before: str, now: str, new_name: str = "") -> None:
    """Let a check of a table say something else. Both texts are as SQL writes them."""
    new_name = new_name or name
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {new_name} CHECK ({now})")
        return
    # SQLite can only take a new table for a new check. What is on the disk stays as it is, so the
    # table's description is changed instead, which is how SQLite's own manual does it.
    old = _quoted(f"CONSTRAINT {name} CHECK ({before})")
    new = _quoted(f"CONSTRAINT {new_name} CHECK ({now})")
    op.execute("PRAGMA writable_schema=ON")
    changed = op.get_bind().exec_driver_sql(
        f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') "
        f"WHERE type = 'table' AND name = '{table}' AND instr(sql, '{old}')"
    )
    assert changed.rowcount == 1, f"{table} has no check {name} that says {before}"
    op.execute("PRAGMA writable_schema=RESET")


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the check of a column that holds one of some words."""
    words = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({words})"


def add_checked(table: str, column: str, rest: str, *, check: str, name: str) -> None:
    """Add a column with a check of its own; ``rest`` is its type and default."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rest} CONSTRAINT {name} CHECK ({check})")


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def let_be_empty(table: str, column: str, kind: str) -> None:
    """Let a column that always held something hold nothing."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
        return
    _describe(table, f"{column} {kind} NOT NULL", f"{column} {kind}")


def let_be_never_empty(table: str, column: str, kind: str) -> None:
    """Let a column always hold something; no row of it may be empty now."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")
        return
    _describe(table, f"{column} {kind}", f"{column} {kind} NOT NULL")


def _describe(table: str, before: str, now: str) -> None:
    op.execute("PRAGMA writable_schema=ON")
    changed = op.get_bind().exec_driver_sql(
        f"UPDATE sqlite_master SET sql = replace(sql, '{before}', '{now}') "
        f"WHERE type = 'table' AND name = '{table}' AND instr(sql, '{before}')"
    )
    assert changed.rowcount == 1, f"{table} has no {before}"
    op.execute("PRAGMA writable_schema=RESET")
