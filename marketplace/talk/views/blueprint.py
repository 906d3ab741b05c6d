"""The room's blueprint."""

from flask import Blueprint

talk = Blueprint("talk", __name__)
