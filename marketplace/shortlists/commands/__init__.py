"""What can be done with lists, and with the notes on them."""

from marketplace.shortlists.commands.lists import (
    copy_list,
    end_linked_list,
    end_list,
    forget_person,
    forget_unused,
    keep,
    keep_by_link,
    make_list,
    move_thing,
    rename_list,
    take_off,
    take_off_linked,
    use_linked_list,
)
from marketplace.shortlists.commands.notes import change_note, remove_note, write_note

__all__ = [
    "change_note",
    "copy_list",
    "end_linked_list",
    "end_list",
    "forget_person",
    "forget_unused",
    "keep",
    "keep_by_link",
    "make_list",
    "move_thing",
    "remove_note",
    "rename_list",
    "take_off",
    "take_off_linked",
    "use_linked_list",
    "write_note",
]
