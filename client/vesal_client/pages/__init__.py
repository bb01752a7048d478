"""The pages: one module a menu entry, named by its page code; built when it is first opened."""
