"""How a loaded file joins its dataset: in which mode, and what becomes of columns that do not quite match."""
