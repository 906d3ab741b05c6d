"""Where the web server and the ``flask`` command find the application."""

from marketplace.app import create_app

app = create_app()
