"""The score of the set 766: its definition as dated data, the sum, what a deed would bring."""
