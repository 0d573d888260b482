"""Addresses of the app."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from uploads.web.late_addresses import LatePage


class TableName(StringConverter):
    """Letters of any language; PostgreSQL refuses a NUL."""

    regex = r"[^/\x00]+"


register_converter(TableName, "table")


def page(route: str, view: str, *, name: str) -> LatePage:
    """``view``: a module of ``uploads.views`` and a function there."""
    return LatePage(route, f"uploads.views.{view}", name=name)


urlpatterns: list[URLPattern | URLResolver] = [
    page("", "upload.upload", name="upload"),
    page("sign-in/", "people.accounts.sign_in", name="sign-in"),
    page("sign-out/", "people.accounts.sign_out", name="sign-out"),
    page("password/", "people.accounts.change_password", name="change-password"),
    page("password/reset/", "people.resetting.ask", name="reset-password"),
    page("password/reset/<slug:uidb64>/<slug:token>/", "people.resetting.choose", name="choose-password"),
    page("mail/no-more/<slug:token>/", "people.no_mail.no_mail", name="no-mail"),
    page("tokens/", "people.tokens.tokens", name="tokens"),
    page("tokens/<int:token_id>/revoke/", "people.tokens.revoke", name="revoke-token"),
    page("receipts/<slug:token>/", "receipts.receipt", name="receipt"),
    page("receipts/<slug:token>/rejects/<int:load_id>.csv", "receipts.rejects", name="rejects"),
    page("receipts/<slug:token>/rejects/<int:load_id>/", "rejects.reject_list", name="reject_list"),
    page("receipts/<slug:token>/rejects/<int:load_id>/mend/", "rejects.mend", name="mend_rejects"),
    page("receipts/<slug:token>/rejects/<int:load_id>/take-back/", "rejects.take_back", name="take_back_mends"),
    page("receipts/<slug:token>/rejects/<int:load_id>/<int:reject_id>/", "rejects.edit", name="edit_reject"),
    page("receipts/<slug:token>/lines/<int:load_id>/", "source_lines.source_lines", name="source-lines"),
    page("receipts/<slug:token>/as-in-file/<int:load_id>.csv", "exporting.as_in_file.as_in_file", name="as-in-file"),
    page("receipts/<slug:token>/add/", "replacing.add", name="add-duplicate"),
    page("receipts/<slug:token>/replace/", "replacing.replace", name="replace"),
    page("receipts/<slug:token>/put-back/", "replacing.undo", name="put-back"),
    page("receipts/<slug:token>/join/", "joining.join", name="join"),
    page("receipts/<slug:token>/columns/", "plans.answer", name="answer-columns"),
    page("receipts/<slug:token>/answer/", "reviewing.answer", name="answer"),
    page("receipts/<slug:token>/withdraw/", "receipts.withdraw", name="withdraw"),
    page("receipts/<slug:token>/changes/", "changes.changes", name="changes"),
    page("receipts/<slug:token>/read-again/", "rereading.read_file_again", name="read-again"),
    page("receipts/<slug:token>/keep/<int:load_id>/<int:position>/", "rereading.keep_reading", name="keep-reading"),
    page("sql/", "queries.sql", name="sql"),
    page("robots.txt", "catalogue.documents.robots", name="robots"),
    page("sitemap.xml", "catalogue.documents.sitemap", name="sitemap"),
    page("sitemap-<slug:section>.xml", "catalogue.documents.sitemap_part", name="sitemap-part"),
    page("catalog.jsonld", "catalogue.documents.catalogue", name="catalogue"),
    page("catalog.ttl", "catalogue.documents.catalogue_turtle", name="catalogue-turtle"),
    page("datasets/", "datasets.datasets", name="datasets"),
    page("datasets/<table:slug>.jsonld", "catalogue.documents.dataset_jsonld", name="dataset-jsonld"),
    page("datasets/<table:slug>.ttl", "catalogue.documents.dataset_turtle", name="dataset-turtle"),
    page("datasets/<table:slug>/", "datasets.dataset", name="dataset"),
    page("datasets/<table:slug>/exports/", "exporting.prepared_exports.prepare_export", name="prepare-export"),
    page("exports/<slug:token>/", "exporting.prepared_exports.prepared_export", name="prepared-export"),
    page("exports/<slug:token>/cancel/", "exporting.prepared_exports.cancel_prepared", name="cancel-export"),
    page("datasets/<table:slug>/chart/", "charts.chart", name="chart"),
    page("datasets/<table:slug>/filter/", "row_views.add_filter", name="add-filter"),
    page("datasets/<table:slug>/show/", "row_views.choose_columns", name="choose-columns"),
    page("datasets/<table:slug>/views/", "saved.saved_views.saved_views", name="saved-views"),
    page("datasets/<table:slug>/views/<table:name>/", "saved.saved_views.saved_view", name="saved-view"),
    page("datasets/<table:slug>/views/<table:name>/rename/", "saved.saved_views.rename", name="rename-view"),
    page("datasets/<table:slug>/views/<table:name>/delete/", "saved.saved_views.delete", name="delete-view"),
    page("datasets/<table:slug>/views/<table:name>/embed/", "saved.embeds.embed_view", name="embed-view"),
    page("datasets/<table:slug>/dashboard/embed/", "saved.embeds.embed_dashboard", name="embed-dashboard"),
    page("datasets/<table:slug>/dashboard/", "saved.dashboards.dashboard", name="dashboard"),
    page("datasets/<table:slug>/history/", "saved.history.dataset_history", name="dataset-history"),
    page("datasets/<table:slug>/profile/", "profiles.dataset_profile", name="dataset-profile"),
    page("datasets/<table:slug>/columns/", "columns.change_columns", name="change-columns"),
    page("datasets/<table:slug>/columns/edit/", "columns.dataset_columns", name="dataset-columns"),
    page("datasets/<table:slug>/reading/", "rereading.dataset_reading", name="dataset-reading"),
    page("datasets/<table:slug>/about/", "catalogue.about.dataset_about", name="dataset-about"),
    page("datasets/<table:slug>/visibility/", "catalogue.visibility.dataset_visibility", name="dataset-visibility"),
    page("datasets/<table:slug>/guards/", "guarding.dataset_guards", name="dataset-guards"),
    page("datasets/<table:slug>/mode/", "joining.dataset_mode", name="dataset-mode"),
]

if settings.OIDC_ISSUER:
    urlpatterns += [path("", include("uploads.views.people.open_id"))]
