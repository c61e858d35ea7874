"""Reads a paper back, for tests: its text by page as a person sees it, blanks and line ends left out."""

import io

from pypdf import PdfReader


def pages(pdf: bytes) -> list[str]:
    """The text of each page without blanks, so that a line broken by the page is still found whole."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text(pdf: bytes) -> str:
    """The text of all pages."""
    return "".join(pages(pdf))


def metadata(pdf: bytes) -> str:
    """The XMP record inside a paper, which names its standard and dates."""
    return pdf[pdf.index(b"<x:xmpmeta") : pdf.index(b"</x:xmpmeta>")].decode()
