"""The system's own dialogs for printers, files and folders, opened without stopping the window's work."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from vesal_client.printing.printer import prepare


class Choosers:
    """Each asks over a window and calls `then` with what was chosen, or never; tests answer by themselves."""

    def __init__(self) -> None:
        """Files begin in the user's documents, and then where the last one went."""
        self._folder = Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or "."
        )

    def printer(self, over: QWidget, then: Callable[[QPrinter], None]) -> None:
        """Choose a printer and copies."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        prepare(printer)
        dialog = QPrintDialog(printer, over)
        dialog.setWindowTitle("چاپ نامه‌ها")
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, on=False)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, on=False)
        dialog.accepted.connect(lambda: then(printer))
        dialog.finished.connect(dialog.deleteLater)
        # QPrintDialog's own `open` wants a slot by name; the plain one is enough.
        QDialog.open(dialog)

    def file(self, over: QWidget, name: str, then: Callable[[Path], None]) -> None:
        """Choose where a PDF goes."""
        dialog = QFileDialog(over, "ذخیره در فایل", str(self._folder / name), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        self._open(dialog, then)

    def scan(self, over: QWidget, then: Callable[[Path], None]) -> None:
        """Choose the scan of a receipt."""
        dialog = QFileDialog(over, "تصویر رسید", str(self._folder), "تصویر یا PDF (*.pdf *.png *.jpg *.jpeg)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._open(dialog, then)

    def folder(self, over: QWidget, then: Callable[[Path], None]) -> None:
        """Choose a folder for files."""
        dialog = QFileDialog(over, "ذخیره در پوشه", str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog, then)

    def _open(self, dialog: QFileDialog, then: Callable[[Path], None]) -> None:
        def taken(chosen: str) -> None:
            path = Path(chosen)
            self._folder = path if dialog.fileMode() == QFileDialog.FileMode.Directory else path.parent
            then(path)

        dialog.fileSelected.connect(taken)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
