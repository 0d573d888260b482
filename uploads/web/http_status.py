"""The HTTP status of each error code: chosen here, once, for the API and the pages."""

from http import HTTPStatus

from uploads.tabular.errors import FileError, UploaderError

STATUS: dict[str, HTTPStatus] = {
    "bad_option": HTTPStatus.BAD_REQUEST,
    "bad_request": HTTPStatus.BAD_REQUEST,
    "bytes_missing": HTTPStatus.BAD_REQUEST,
    "cells_do_not_fit": HTTPStatus.BAD_REQUEST,
    "no_row_fits": HTTPStatus.BAD_REQUEST,
    "row_not_whole": HTTPStatus.BAD_REQUEST,
    "row_too_wide": HTTPStatus.BAD_REQUEST,
    "unknown_parameter": HTTPStatus.BAD_REQUEST,
    "repeated_parameter": HTTPStatus.BAD_REQUEST,
    "bad_parameter": HTTPStatus.BAD_REQUEST,
    "relation_too_deep": HTTPStatus.BAD_REQUEST,
    "bad_query": HTTPStatus.BAD_REQUEST,
    "query_too_slow": HTTPStatus.BAD_REQUEST,
    "query_gave_way": HTTPStatus.CONFLICT,
    "role_taken": HTTPStatus.CONFLICT,
    "no_such_reader": HTTPStatus.NOT_FOUND,
    "queries_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "roles_missing": HTTPStatus.SERVICE_UNAVAILABLE,
    "folder_taken": HTTPStatus.CONFLICT,
    "no_backup": HTTPStatus.BAD_REQUEST,
    "not_empty": HTTPStatus.CONFLICT,
    "site_runs": HTTPStatus.CONFLICT,
    "newer_backup": HTTPStatus.CONFLICT,
    "backup_damaged": HTTPStatus.BAD_REQUEST,
    "program_missing": HTTPStatus.SERVICE_UNAVAILABLE,
    "dump_failed": HTTPStatus.SERVICE_UNAVAILABLE,
    "figure_too_large": HTTPStatus.BAD_REQUEST,
    "not_signed_in": HTTPStatus.UNAUTHORIZED,
    "wrong_credentials": HTTPStatus.UNAUTHORIZED,
    "wrong_token": HTTPStatus.UNAUTHORIZED,
    "sign_in_unfinished": HTTPStatus.UNAUTHORIZED,
    "sign_in_refused": HTTPStatus.FORBIDDEN,
    "provider_away": HTTPStatus.BAD_GATEWAY,
    "not_allowed": HTTPStatus.FORBIDDEN,
    "csrf_failed": HTTPStatus.FORBIDDEN,
    "missing_scope": HTTPStatus.FORBIDDEN,
    "token_not_found": HTTPStatus.NOT_FOUND,
    "subscription_not_found": HTTPStatus.NOT_FOUND,
    "news_not_found": HTTPStatus.NOT_FOUND,
    "not_found": HTTPStatus.NOT_FOUND,
    "file_not_found": HTTPStatus.NOT_FOUND,
    "line_not_found": HTTPStatus.NOT_FOUND,
    "dataset_not_found": HTTPStatus.NOT_FOUND,
    "view_not_found": HTTPStatus.NOT_FOUND,
    "export_not_found": HTTPStatus.NOT_FOUND,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "state_conflict": HTTPStatus.CONFLICT,
    "cannot_compare": HTTPStatus.CONFLICT,
    "rows_gone": HTTPStatus.CONFLICT,
    "cannot_retype": HTTPStatus.CONFLICT,
    "dataset_changed": HTTPStatus.CONFLICT,
    "table_in_use": HTTPStatus.CONFLICT,
    "cannot_adopt": HTTPStatus.CONFLICT,
    "cannot_release": HTTPStatus.CONFLICT,
    "cannot_publish": HTTPStatus.CONFLICT,
    "read_only_dataset": HTTPStatus.CONFLICT,
    "no_trigrams": HTTPStatus.CONFLICT,
    "relation_unreadable": HTTPStatus.CONFLICT,
    "key_not_unique": HTTPStatus.CONFLICT,
    "columns_undecided": HTTPStatus.CONFLICT,
    "reaches_further": HTTPStatus.CONFLICT,
    "join_undecided": HTTPStatus.CONFLICT,
    "view_exists": HTTPStatus.CONFLICT,
    "mode_decided": HTTPStatus.CONFLICT,
    "forecast_changed": HTTPStatus.CONFLICT,
    "dataset_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "too_many_active_files": HTTPStatus.CONFLICT,
    "export_not_ready": HTTPStatus.CONFLICT,
    "upload_gone": HTTPStatus.GONE,
    "export_ended": HTTPStatus.GONE,
    "line_out_of_reach": HTTPStatus(413),
    "body_too_large": HTTPStatus(413),
    "file_too_large": HTTPStatus(413),
    "limit_exceeded": HTTPStatus(413),
    "too_many_uploads": HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_exports": HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_sign_ins": HTTPStatus.TOO_MANY_REQUESTS,
    "sign_ins_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "internal_error": HTTPStatus.INTERNAL_SERVER_ERROR,
    "comparison_too_long": HTTPStatus.SERVICE_UNAVAILABLE,
    "comparisons_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "relation_too_slow": HTTPStatus.SERVICE_UNAVAILABLE,
    "relations_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "reading_too_slow": HTTPStatus.SERVICE_UNAVAILABLE,
    "lines_unread": HTTPStatus.SERVICE_UNAVAILABLE,
    "export_too_slow": HTTPStatus.SERVICE_UNAVAILABLE,
    "exports_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "rows_changed": HTTPStatus.CONFLICT,
    "cannot_export": HTTPStatus.CONFLICT,
    "table_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "site_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "streams_busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "store_away": HTTPStatus.SERVICE_UNAVAILABLE,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "disk_full": HTTPStatus.INSUFFICIENT_STORAGE,
}
COME_BACK = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""Each of them says in ``Retry-After`` when."""
RETRY_AFTER_SECONDS = 5
"""Told where nothing better is known: what holds a table is a reader, and few read for longer. Clients of tus try again
by themselves, and are told a second."""


def status_of(error: UploaderError) -> HTTPStatus:
    """A code of its own first; else 422 for a file that cannot be loaded and 400 for what was asked wrongly."""
    if error.code in STATUS:
        return STATUS[error.code]
    return HTTPStatus(422) if isinstance(error, FileError) else HTTPStatus.BAD_REQUEST


def seconds_of(error: UploaderError) -> int:
    """When it is worth while to try again: some errors know."""
    return int(getattr(error, "seconds", RETRY_AFTER_SECONDS))
