"""A table for a spreadsheet is read as values, whatever people have written in it."""

import csv

import pytest
from flask import Flask

from marketplace.kernel.money import Money
from marketplace.web.downloads import cell, csv_answer


@pytest.mark.parametrize("words", ["=1+1", "+44 1632", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_words_that_start_like_a_formula_stay_words(words: str) -> None:
    assert cell(words) == f"'{words}"


def test_numbers_and_money_stay_numbers() -> None:
    assert (cell(-3), cell(Money(-12_50)), cell(Money(1_234_05))) == ("-3", "-12.50", "1234.05")


def test_nothing_is_an_empty_cell() -> None:
    assert cell(None) == ""


def test_a_file_keeps_commas_quotes_and_names() -> None:
    with Flask(__name__).app_context():
        answer = csv_answer("list.csv", ["Name", "Amount"], [['Ann "Bo", Co', Money(5)]])

    assert answer.headers["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert list(csv.reader(answer.get_data(as_text=True).splitlines())) == [
        ["Name", "Amount"],
        ['Ann "Bo", Co', "0.05"],
    ]
