"""Who reads a dataset, in words."""

from uploads.services.datasets.rights import DatasetVisibility
from uploads.states import Visibility
from uploads.web.sentences.phrases import listed

MOST_NAMED = 5
LABELS = {
    Visibility.PUBLIC: "Everybody",
    Visibility.SIGNED_IN: "People who are signed in",
    Visibility.GROUPS: "People in some groups",
}
WORDS = {
    Visibility.PUBLIC: "Also without an account; search engines and catalogues find it.",
    Visibility.SIGNED_IN: "Everybody who has an account here.",
    Visibility.GROUPS: "Those that are ticked below; none: staff alone.",
}


def visibility_sentence(found: DatasetVisibility) -> str:
    """``People in Sales and Audit read it, and staff who may see all files.``"""
    match found.visibility:
        case Visibility.PUBLIC:
            return "Everybody reads it."
        case Visibility.SIGNED_IN:
            return "People who are signed in read it."
    if not found.groups:
        return "Staff who may see all files read it, and nobody else."
    return f"People in {listed(found.groups, most=MOST_NAMED)} read it, and staff who may see all files."
