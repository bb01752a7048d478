"""Letters as PDF files: `Renderer` draws a frozen content, the same bytes for the same content; no Qt in here."""

from vesal_client.letters.render import Renderer, render_letter

__all__ = ["Renderer", "render_letter"]
