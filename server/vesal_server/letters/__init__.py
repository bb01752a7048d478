"""Letters: issued with a number and a frozen content, printed at the branch, served, or void."""
