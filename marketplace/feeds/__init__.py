"""Open data, out and in: everything public as Open Referral UK, and other catalogues taken over.

What goes out is what anybody may see on a page, never more. What comes in is cleaned, shown before
it is written, matched with what is here by asking rather than guessing, and never overwrites what
somebody who looks after an entry has changed.
"""
