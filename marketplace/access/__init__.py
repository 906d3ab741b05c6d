"""People, sign-in, roles and circles of support: who may come in, and in whose name.

A signed-in human always wears one hat: their own, that of somebody they support, or a role in an
organisation. Every deed names the one who acted and the one acted for. What a supporter earns is
said before they act, and kept in every version.
"""
