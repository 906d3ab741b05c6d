"""The room's blueprint."""

from flask import Blueprint

asking = Blueprint("asking", __name__)
