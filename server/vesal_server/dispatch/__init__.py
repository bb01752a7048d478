"""Claims due messages, sends each once, and settles what became of it.

The five rules that make «once» hold are in docs/reliability.md; `worker` and `doubts` carry them out.
"""
