"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from uploads.views import datasets, receipts, upload

urlpatterns: list[URLPattern | URLResolver] = [
    path("", upload.upload, name="upload"),
    path("receipts/<str:token>/", receipts.receipt, name="receipt"),
    path("receipts/<str:token>/rejects/<int:load_id>.csv", receipts.rejects, name="rejects"),
    path("datasets/", datasets.datasets, name="datasets"),
    path("datasets/<str:slug>/", datasets.dataset, name="dataset"),
]
