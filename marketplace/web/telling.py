"""What a command says at its end."""

from collections.abc import Sequence

import click


def tell(wrong: Sequence[str], *, unless_wrong: str, advice: str | None = None) -> None:
    """Say what a check found, and end with 1 if anything is wrong; else say that all is well."""
    for sentence in wrong:
        click.echo(sentence, err=True)
    if advice:
        click.echo(advice, err=True)
    if wrong:
        raise SystemExit(1)
    click.echo(unless_wrong)
