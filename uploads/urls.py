"""Addresses of the app."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from uploads.views import (
    changes,
    charts,
    columns,
    datasets,
    guarding,
    joining,
    plans,
    profiles,
    queries,
    receipts,
    rejects,
    replacing,
    rereading,
    reviewing,
    row_views,
    source_lines,
    upload,
)
from uploads.views.catalogue import about, documents, visibility
from uploads.views.exporting import as_in_file, prepared_exports
from uploads.views.people import accounts, resetting, tokens
from uploads.views.saved import dashboards, embeds, history, saved_views


class TableName(StringConverter):
    """Letters of any language; PostgreSQL refuses a NUL."""

    regex = r"[^/\x00]+"


register_converter(TableName, "table")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", upload.upload, name="upload"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.change_password, name="change-password"),
    path("password/reset/", resetting.ask, name="reset-password"),
    path("password/reset/<slug:uidb64>/<slug:token>/", resetting.choose, name="choose-password"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("receipts/<slug:token>/", receipts.receipt, name="receipt"),
    path("receipts/<slug:token>/rejects/<int:load_id>.csv", receipts.rejects, name="rejects"),
    path("receipts/<slug:token>/rejects/<int:load_id>/", rejects.reject_list, name="reject_list"),
    path("receipts/<slug:token>/rejects/<int:load_id>/mend/", rejects.mend, name="mend_rejects"),
    path("receipts/<slug:token>/rejects/<int:load_id>/take-back/", rejects.take_back, name="take_back_mends"),
    path("receipts/<slug:token>/rejects/<int:load_id>/<int:reject_id>/", rejects.edit, name="edit_reject"),
    path("receipts/<slug:token>/lines/<int:load_id>/", source_lines.source_lines, name="source-lines"),
    path("receipts/<slug:token>/as-in-file/<int:load_id>.csv", as_in_file.as_in_file, name="as-in-file"),
    path("receipts/<slug:token>/add/", replacing.add, name="add-duplicate"),
    path("receipts/<slug:token>/replace/", replacing.replace, name="replace"),
    path("receipts/<slug:token>/put-back/", replacing.undo, name="put-back"),
    path("receipts/<slug:token>/join/", joining.join, name="join"),
    path("receipts/<slug:token>/columns/", plans.answer, name="answer-columns"),
    path("receipts/<slug:token>/answer/", reviewing.answer, name="answer"),
    path("receipts/<slug:token>/withdraw/", receipts.withdraw, name="withdraw"),
    path("receipts/<slug:token>/changes/", changes.changes, name="changes"),
    path("receipts/<slug:token>/read-again/", rereading.read_file_again, name="read-again"),
    path("receipts/<slug:token>/keep/<int:load_id>/<int:position>/", rereading.keep_reading, name="keep-reading"),
    path("sql/", queries.sql, name="sql"),
    path("robots.txt", documents.robots, name="robots"),
    path("sitemap.xml", documents.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", documents.sitemap_part, name="sitemap-part"),
    path("catalog.jsonld", documents.catalogue, name="catalogue"),
    path("catalog.ttl", documents.catalogue_turtle, name="catalogue-turtle"),
    path("datasets/", datasets.datasets, name="datasets"),
    path("datasets/<table:slug>.jsonld", documents.dataset_jsonld, name="dataset-jsonld"),
    path("datasets/<table:slug>.ttl", documents.dataset_turtle, name="dataset-turtle"),
    path("datasets/<table:slug>/", datasets.dataset, name="dataset"),
    path("datasets/<table:slug>/exports/", prepared_exports.prepare_export, name="prepare-export"),
    path("exports/<slug:token>/", prepared_exports.prepared_export, name="prepared-export"),
    path("exports/<slug:token>/cancel/", prepared_exports.cancel_prepared, name="cancel-export"),
    path("datasets/<table:slug>/chart/", charts.chart, name="chart"),
    path("datasets/<table:slug>/filter/", row_views.add_filter, name="add-filter"),
    path("datasets/<table:slug>/show/", row_views.choose_columns, name="choose-columns"),
    path("datasets/<table:slug>/views/", saved_views.saved_views, name="saved-views"),
    path("datasets/<table:slug>/views/<table:name>/", saved_views.saved_view, name="saved-view"),
    path("datasets/<table:slug>/views/<table:name>/rename/", saved_views.rename, name="rename-view"),
    path("datasets/<table:slug>/views/<table:name>/delete/", saved_views.delete, name="delete-view"),
    path("datasets/<table:slug>/views/<table:name>/embed/", embeds.embed_view, name="embed-view"),
    path("datasets/<table:slug>/dashboard/embed/", embeds.embed_dashboard, name="embed-dashboard"),
    path("datasets/<table:slug>/dashboard/", dashboards.dashboard, name="dashboard"),
    path("datasets/<table:slug>/history/", history.dataset_history, name="dataset-history"),
    path("datasets/<table:slug>/profile/", profiles.dataset_profile, name="dataset-profile"),
    path("datasets/<table:slug>/columns/", columns.change_columns, name="change-columns"),
    path("datasets/<table:slug>/columns/edit/", columns.dataset_columns, name="dataset-columns"),
    path("datasets/<table:slug>/reading/", rereading.dataset_reading, name="dataset-reading"),
    path("datasets/<table:slug>/about/", about.dataset_about, name="dataset-about"),
    path("datasets/<table:slug>/visibility/", visibility.dataset_visibility, name="dataset-visibility"),
    path("datasets/<table:slug>/guards/", guarding.dataset_guards, name="dataset-guards"),
    path("datasets/<table:slug>/mode/", joining.dataset_mode, name="dataset-mode"),
]

if settings.OIDC_ISSUER:
    urlpatterns += [path("", include("uploads.views.people.open_id"))]
