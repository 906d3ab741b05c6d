"""What all pages of the catalogue hang on."""

from flask import Blueprint

catalogue = Blueprint("catalogue", __name__)
