"""The little that a style sheet does better than painting: text entry, scroll bars, menus, tooltips."""

from vesal_client.look.tokens import Colours


def style_sheet(tokens: Colours) -> str:
    """The application's style sheet in one theme's colours."""
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit {{
  background: transparent; border: 0; color: {tokens.text}; padding: 0;
  selection-background-color: {tokens.accent}; selection-color: {tokens.on_accent};
  placeholder-text-color: {tokens.text3};
}}
QLineEdit:read-only {{ color: {tokens.text2}; }}
QScrollArea, QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {tokens.line}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {tokens.edge}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; }}
QMenu {{
  background: {tokens.surface}; border: 1px solid {tokens.hair}; border-radius: 8px; padding: 4px;
  color: {tokens.text}; icon-size: 18px;
}}
QMenu::item {{ min-height: 28px; min-width: 120px; padding: 1px 12px; border-radius: 6px; }}
QMenu::item:selected {{ background: {tokens.hover}; }}
QMenu::item:disabled {{ color: {tokens.text3}; }}
QMenu::icon {{ padding-right: 10px; padding-left: 4px; }}
QMenu::separator {{ height: 1px; background: {tokens.hair}; margin: 4px 2px; }}
QToolTip {{
  background: {tokens.text}; color: {tokens.inverted}; border: 0; border-radius: 5px; padding: 4px 10px;
}}
"""
