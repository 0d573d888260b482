"""Who reads a workbook's cells: calamine, whole or in parallel pieces, or the fallback."""
