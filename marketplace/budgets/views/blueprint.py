"""What all pages about money hang on."""

from flask import Blueprint

budgets = Blueprint("budgets", __name__)
