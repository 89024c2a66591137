"""Tables of the log book, and the functions that alone may write them."""
