"""What commands changed, by kind («letters», «cases»): pages that show such things read again."""

from PySide6.QtCore import QObject, Signal


class Changes(QObject):
    """Passes the word from commands to pages."""

    happened = Signal(frozenset)
    """The kinds of things that are other than before."""

    def tell(self, *kinds: str) -> None:
        """Things of these kinds changed."""
        if kinds:
            self.happened.emit(frozenset(kinds))
