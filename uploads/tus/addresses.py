"""The addresses of uploads: what they are, and which upload one is of."""

from urllib.parse import urlsplit

from uploads.web.asgi import TUS_MOUNT, Scope


def address_of(scope: Scope, token: str) -> str:
    """The path of an upload on this site, below the root at which it is mounted."""
    return f"{scope.get('root_path', '')}{TUS_MOUNT}/{token}"


def token_in(scope: Scope, path: str) -> str:
    """What stands in the path behind the mount; empty where it is the mount itself."""
    return str(path.removeprefix(scope.get("root_path", "")).removeprefix(TUS_MOUNT).strip("/"))


def token_at(scope: Scope, address: str) -> str:
    """The same for an address with or without the site; empty where it is none."""
    try:
        return token_in(scope, urlsplit(address).path)
    except ValueError:  # http://[
        return ""
