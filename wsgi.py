"""Where the web server and the ``flask`` command find the application."""

import gc

from marketplace.app import create_app

app = create_app()

# All of this stays: to look through it for what nobody needs held up a page for a fifth of a second
# now and then.
gc.freeze()
