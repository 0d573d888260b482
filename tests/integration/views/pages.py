"""What tests of pages send and open."""

from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from uploads.models import UploadedFile
from uploads.services.files.receipts import FileReceipt

TABLE = "id;name\n1;one\n2;two\n"


def receipt_url(receipt: FileReceipt) -> str:
    return f"/receipts/{receipt.token}/"


def staff(*permissions: str) -> Client:
    user = User.objects.create_user("staff", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def post_file(client: Client, name: str = "posted.csv", **fields: str) -> UploadedFile:
    response = client.post("/", {"file": SimpleUploadedFile(name, TABLE.encode()), **fields})
    assert response.status_code == 302, response.content
    return UploadedFile.objects.get(token=response.headers["Location"].split("/")[2])
