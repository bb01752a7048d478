"""The QR code of a letter: its dark modules as horizontal runs, one path, one fill."""

from dataclasses import dataclass

import segno

from vesal_client.letters.sheet import HEIGHT, MM, Sheet

#: The side of the code with its quiet zone of 4 modules, in mm (letters.md); a module is at least 0.45 mm.
SIDE = 27.0
QUIET = 4
#: Level M up to this version: 49 modules and the quiet zone are 0.47 mm each in 27 mm.
MAX_VERSION = 8
_MASK = 2


@dataclass(frozen=True, slots=True)
class Code:
    """The rows of a code, a byte a module."""

    rows: tuple[bytearray, ...]

    @property
    def module(self) -> float:
        """The side of a module in mm."""
        return SIDE / (len(self.rows) + 2 * QUIET)

    @property
    def quiet(self) -> float:
        """The width of the quiet zone in mm."""
        return self.module * QUIET

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw the code with its quiet zone, its top left corner at x and y."""
        runs = []
        for index, row in enumerate(self.rows):
            start = row.find(1)
            while start >= 0:
                end = row.find(0, start)
                end = len(row) if end < 0 else end
                runs.append(b"%d %d %d 1 re" % (start, -index - 1, end - start))
                start = row.find(1, end)
        unit = self.module * MM
        left, top = (x + self.quiet) * MM, (HEIGHT - y - self.quiet) * MM
        sheet.raw(b"q 0 g %.5f 0 0 %.5f %.2f %.2f cm\n%s f Q" % (unit, unit, left, top, b"\n".join(runs)))


def code(text: str) -> Code:
    """Return the code of a seal's digits; the mask is fixed, so the same text is the same picture."""
    made = segno.make_qr(text, error="m", boost_error=False, mask=_MASK)
    if int(made.version) > MAX_VERSION:
        raise ValueError(f"QR version {made.version} is too fine for {SIDE} mm")
    return Code(tuple(made.matrix))
