"""The sandbox: a process of its own that opens files of strangers, where a fault hurts nothing.

Nothing here may import Django or read settings: the process starts with an empty environment,
little memory and no network. It reads the file from its input and writes one answer.
"""
