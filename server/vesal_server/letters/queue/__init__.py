"""چاپ نامه‌ها: a branch's issued letters, their content, and what becomes of them."""
