"""What makes the slides: open `deck.py` first, then `book.py`; `tools/make_slides.py` writes them."""
