"""Where a paragraph's lines break: total fit (Knuth and Plass), only spaces stretch, and none shrinks past 12 %."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from vesal_client.letters.face import EmbeddedFace
from vesal_client.letters.words import LineInk, Typesetter, Weight, Word, line_ink

#: How far a space may shrink, and how far it stretches before it looks loose, as shares of its width.
SHRINK, STRETCH = 0.12, 0.5
_FORBIDDEN = 1e12


@dataclass(slots=True)
class Line:
    """Some words and the width of the spaces between them, in points."""

    words: Sequence[Word]
    space: float
    size: float
    _kept: tuple[LineInk, frozenset[int]] | None = field(default=None, init=False)

    @property
    def width(self) -> float:
        """The length of the line, in points."""
        return sum(w.width for w in self.words) * self.size / 1000 + self.space * max(0, len(self.words) - 1)

    def ink(self, font: EmbeddedFace) -> LineInk:
        """Return the line's ink; kept where it is the same in every file."""
        if self._kept is None:
            trial = EmbeddedFace(font.face)
            made = line_ink(self.words, trial, self.size, self.space)
            if not trial.common:
                return line_ink(self.words, font, self.size, self.space)
            self._kept = made, frozenset(trial.used)
        ink, used = self._kept
        font.used |= used
        return ink


def lines(setter: Typesetter, text: str, weight: Weight, size: float, measure: float) -> list[Line]:
    """Return the justified lines of a paragraph, its last line natural, in a column of `measure` points."""
    return setter.layouts.get(
        ("justified", text, weight, size, measure), lambda: _justified(setter, text, weight, size, measure)
    )


def single(setter: Typesetter, text: str, weight: Weight, size: float) -> Line:
    """Return a text as one line, however long."""
    return setter.layouts.get(
        ("single", text, weight, size),
        lambda: Line(setter.words(text, weight), setter.faces[weight].space_width * size / 1000, size),
    )


def ragged(setter: Typesetter, text: str, weight: Weight, size: float, measure: float) -> list[Line]:
    """Return lines with natural spaces, as full as they go."""
    return setter.layouts.get(
        ("ragged", text, weight, size, measure), lambda: _ragged(setter, text, weight, size, measure)
    )


def _ragged(setter: Typesetter, text: str, weight: Weight, size: float, measure: float) -> list[Line]:
    scale = size / 1000
    space = setter.faces[weight].space_width * scale
    found: list[list[Word]] = []
    room = -1.0
    for word in _fitting(setter, text, weight, measure / scale):
        width = word.width * scale
        if found and space + width <= room + 0.01:
            found[-1].append(word)
            room -= space + width
        elif (
            found
            and word.tied
            and len(found[-1]) > 1
            and width + space + found[-1][-1].width * scale <= measure
        ):
            moved = found[-1].pop()
            found.append([moved, word])
            room = measure - moved.width * scale - space - width
        else:
            found.append([word])
            room = measure - width
    return [Line(words, space, size) for words in found]


def _justified(setter: Typesetter, text: str, weight: Weight, size: float, measure: float) -> list[Line]:
    scale = size / 1000
    natural = setter.faces[weight].space_width * scale
    words = _fitting(setter, text, weight, measure / scale)
    found = []
    starts = break_points([w.width * scale for w in words], [w.tied for w in words], natural, measure)
    for start, end in pairwise(starts):
        chosen = words[start:end]
        gaps = len(chosen) - 1
        slack = measure - sum(w.width for w in chosen) * scale - gaps * natural
        last = end == len(words)
        space = natural + slack / gaps if gaps and (not last or slack < 0) else natural
        found.append(Line(chosen, space, size))
    return found


def break_points(widths: Sequence[float], tied: Sequence[bool], space: float, measure: float) -> list[int]:
    """Return the index of each line's first word, and the number of words at last."""
    count = len(widths)
    if not count:
        return [0]
    best: list[tuple[float, int]] = [(0.0, -1)] + [(float("inf"), -1)] * count
    for end in range(1, count + 1):
        # A break between words that are tied is taken only where nothing else fits.
        extra = _FORBIDDEN if end < count and tied[end] else 0.0
        total = -space
        for start in range(end - 1, -1, -1):
            total += widths[start] + space
            gaps = end - 1 - start
            slack = measure - total
            if slack < -gaps * space * SHRINK - 0.01:
                break
            cost = best[start][0] + extra + _demerits(slack, gaps, space, last=end == count, first=start == 0)
            if cost < best[end][0]:
                best[end] = (cost, start)
    starts = [count]
    while starts[-1] > 0:
        starts.append(best[starts[-1]][1])
    return starts[::-1]


def _demerits(slack: float, gaps: int, space: float, *, last: bool, first: bool) -> float:
    """Return how bad a line is; a last line of one word is next to forbidden, unless it is the only line."""
    if last and slack >= 0:
        return 1e9 if gaps == 0 and not first else 1.0
    if gaps == 0:
        return 1e8 if slack > 1 else 1.0
    ratio = slack / (gaps * space * (STRETCH if slack > 0 else SHRINK))
    return (1.0 + 100.0 * min(abs(ratio), 20.0) ** 3) ** 2


def _fitting(setter: Typesetter, text: str, weight: Weight, room: float) -> list[Word]:
    """Return the words, any that is wider than the column cut into parts that fit it."""
    found: list[Word] = []
    for word in setter.words(text, weight):
        if word.width <= room:
            found.append(word)
            continue
        rest = word.text
        while rest:
            low, high = 1, len(rest)
            while low < high:
                middle = (low + high + 1) // 2
                width = sum(part.width for part in setter.words(rest[:middle], weight))
                low, high = (middle, high) if width <= room else (low, middle - 1)
            found.extend(setter.words(rest[:low], weight))
            rest = rest[low:]
    return found
