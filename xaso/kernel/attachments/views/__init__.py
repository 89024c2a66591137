"""Files as browsers fetch them."""
