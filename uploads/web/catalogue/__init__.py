"""The datasets in the words of machines that look for data: search engines and the catalogues of other portals."""
