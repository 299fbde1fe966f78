"""docs/endpoints.md says what both planes answer by."""

import os

from tests.support import endpoints_page
from tests.tidy.sources import ROOT

_PAGE = ROOT / "docs" / "endpoints.md"


def test_the_page_is_the_table() -> None:
    if os.environ.get("HEADRACE_WRITE_ENDPOINTS"):
        _PAGE.write_text(endpoints_page.written())
    assert _PAGE.read_text() == endpoints_page.written()
