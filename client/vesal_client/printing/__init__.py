"""Letters on paper and in files: PDF pages as pictures, printers, saving one and many."""
