"""How the client looks: tokens, theme, fonts, icons and the few things that are painted everywhere."""
