"""The room's pages and addresses."""

from flask import Blueprint

feeds = Blueprint("feeds", __name__)
