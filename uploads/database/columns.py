"""Columns of data tables as SQL: the type of each and the list that makes a table."""

from collections.abc import Iterable
from typing import LiteralString

from psycopg import sql

from uploads.tabular.table import Column, ColumnType

TYPE_SQL: dict[ColumnType, LiteralString] = {
    ColumnType.BOOLEAN: "boolean",
    ColumnType.BIGINT: "bigint",
    ColumnType.NUMERIC: "numeric",
    ColumnType.DOUBLE: "double precision",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.TIMESTAMPTZ: "timestamp with time zone",
    ColumnType.TEXT: "text",
}


def column_definitions(columns: Iterable[Column]) -> sql.Composable:
    """``"area" text, "price" numeric``"""
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(TYPE_SQL[column.type])) for column in columns
    )
