"""One table for all pages: fed page by page, columns declared, painted without asking anybody."""
