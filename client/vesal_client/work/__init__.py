"""Work in the background: queries, commands, what they changed, how far they are. Answers come on the GUI thread."""
