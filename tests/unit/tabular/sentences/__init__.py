"""Each kind of note with its figures, and the sentence that is made from them."""
