"""The grid, colours and type of a letter (letters.md): millimetres from the top left, sizes in points."""

from vesal_client.letters.sheet import MM, Colour
from vesal_client.letters.words import Style

INK: Colour = (21 / 255, 21 / 255, 21 / 255)
SOFT: Colour = (53 / 255, 53 / 255, 53 / 255)
GREY: Colour = (77 / 255, 84 / 255, 90 / 255)
PALE: Colour = (109 / 255, 118 / 255, 125 / 255)
LINE: Colour = (138 / 255, 148 / 255, 155 / 255)
HEAD: Colour = (242 / 255, 242 / 255, 243 / 255)
BRAND: Colour = (11 / 255, 79 / 255, 92 / 255)

#: The column of the flow.
LEFT, RIGHT = 25.0, 185.0
MEASURE = (RIGHT - LEFT) * MM
#: Where the flow begins and ends on the first and on later pages; with a receipt at the foot it ends earlier.
FIRST_TOP, LATER_TOP, BOTTOM, RECEIPT_BOTTOM = 39.0, 27.0, 272.0, 249.0

BANK = Style("Bold", 16, BRAND)
BRANCH = Style("Medium", 10, INK)
PHONE = Style("Regular", 9.5, GREY)
BASMALA = Style("Regular", 9.5, INK)
LABEL = Style("Regular", 10, GREY)
VALUE = Style("Medium", 10.5, INK)
FOOT = Style("Regular", 8.5, GREY)
PAGE = Style("Medium", 8.5, INK)
LATER_BANK = Style("Medium", 9.5, INK)
LATER_NUMBER = Style("Regular", 9.5, INK)

ADDRESSEE = Style("Bold", 12.5, INK)
ADDRESS = Style("Regular", 10.5, INK)
SUBJECT = Style("Bold", 12, INK)

CELL_HEAD = Style("Bold", 9.5, INK)
CELL = Style("Medium", 10.5, INK)
CELL_TOTAL = Style("Bold", 10.5, INK)
WORDS_HEAD = Style("Bold", 10, INK)

NAME = Style("Bold", 11.5, INK)
POST = Style("Medium", 10.5, INK)
STAMP = Style("Regular", 8.5, PALE)
CAPTION_HEAD = Style("Bold", 8.5, INK)
CAPTION = Style("Regular", 8, SOFT)
SENDER_HEAD = Style("Bold", 9.5, GREY)
SENDER = Style("Regular", 9.5, GREY)
CC_HEAD = Style("Bold", 9.5, INK)
CC = Style("Regular", 9.5, INK)
RECEIPT_HEAD = Style("Bold", 9.5, INK)
RECEIPT = Style("Regular", 9, INK)


def body(size: float) -> Style:
    """Return the style of running text."""
    return Style("Regular", size, INK)
