"""The sentences that people read, made from facts: notes, evidence, reasons of rejects."""
