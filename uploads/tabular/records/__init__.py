"""Tables of formats that name their columns themselves: JSON, Parquet, Arrow."""
