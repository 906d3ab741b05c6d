"""The room's blueprint, which all its pages hang on."""

from flask import Blueprint

orders = Blueprint("orders", __name__)
