"""What the cells of a dump mean: one file per kind of value. A cell that cannot be understood is null, never guessed."""
