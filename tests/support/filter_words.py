# SPDX-License-Identifier: 0BSD
"""What lzma_str_to_filters() of Debian 12's liblzma says otherwise than one of today."""

# What it says, and what is said since 5.8.
NEWER_WORDS = {
    b"Unsupported preset flag": b"Unsupported flag in the preset",
    b"This option does not support any integer suffixes":
        b"This option does not support any multiplier suffixes",
    b'Empty string is not allowed, try "6" if a default value is needed':
        b"Empty string is not allowed, try '6' if a default value is needed",
}


def newer_words(message):
    """The message, or None, in today's words."""
    return NEWER_WORDS.get(message, message)


def newer_preset(text, mine, other):
    """Whether all that differs between two (message, position, ...) for the bytes of text
    is where a preset that is no digit is told of: where it stands, since 5.8; before,
    behind it, and a letter after it was told of first."""
    return (mine[0] == b"Unsupported preset" and not text[mine[1]:mine[1] + 1].isdigit()
            and (other[0] or b"").startswith(b"Unsupported ") and other[1] > mine[1])
