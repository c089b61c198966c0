"""Sites whose certificate nobody vouches for: a crawl reads them, so a check must not call them broken."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from places import Place
from receivers import make_certificate
from sites import Site, make_posts, serve

from crawler.probe import check_sources
from crawler.visitor import VisitError, Visitor


def test_a_source_with_a_foreign_certificate_is_crawled_and_checked_alike(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_certificate(tmp_path))
    with serve(Site(make_posts(2)), tls=context) as site:
        source = site.source()
        report = Place(tmp_path).crawl(source)
        [check] = check_sources([source], contact="uji@example.org", delay_s=0.0)
        with pytest.raises(VisitError, match="no secure connection"):
            Visitor(contact="uji@example.org", delay_s=0.0, allow_private=True).get(site.url)
    assert report.by_source[source.slug].fetched == 2
    assert (check.works, check.problem) == (True, None)
