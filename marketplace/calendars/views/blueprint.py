"""The room's blueprint."""

from flask import Blueprint

calendars = Blueprint("calendars", __name__)
