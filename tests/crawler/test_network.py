"""A network that is gone for a while in the night: nobody is blamed for it, and nothing is lost."""

from __future__ import annotations

import threading
from contextlib import ExitStack

from places import Place
from sites import Answer, Rule, Site, make_posts, serve


class Line:
    """What connects the sites with the world, while it is up."""

    def __init__(self) -> None:
        self.up = True
        self.lost = 0

    def rule(self, path: str, _headers: dict[str, str]) -> Answer | None:
        if self.up:
            return None
        self.lost += "kabar" in path
        return Answer(reset=True)

    def cut_at(self, site: Site, number: int, seconds: float) -> Rule:
        """Return a rule that cuts the line at a page of a site, for so long."""

        def rule(path: str, _headers: dict[str, str]) -> None:
            if f"{number:05d}" in path and self.up and not self.lost:
                self.up = False
                threading.Timer(seconds, self.mend).start()

        return rule

    def mend(self) -> None:
        self.up = True


def test_a_network_that_is_gone_for_a_while_costs_no_source_its_night(place: Place) -> None:
    line = Line()
    sites = [Site(make_posts(12)) for _ in range(4)]
    sites[0].rules.append(line.cut_at(sites[0], 6, 3.0))
    with ExitStack() as stack:
        for site in sites:
            stack.enter_context(serve(site))
            site.rules.append(line.rule)
        sources = [site.source(politeness={"delay_s": 0.1}) for site in sites]
        report = place.crawl(*sources, backoff_s=0.1, max_wait_s=20.0)
    assert line.lost >= 3 * 6
    rows = [report.by_source[source.slug] for source in sources]
    assert [(row.fetched, row.failed, row.problem) for row in rows] == [(12, {}, None)] * len(sources)
    assert place.audit() == []


def test_hosts_that_fall_silent_while_another_answers_are_left(place: Place) -> None:
    line = Line()
    sites = [Site(make_posts(12)) for _ in range(3)]
    sites[0].rules.append(line.cut_at(sites[0], 6, 60.0))
    well = Site(make_posts(40))
    with ExitStack() as stack:
        for site in [*sites, well]:
            stack.enter_context(serve(site))
        for site in sites:
            site.rules.append(line.rule)
        sources = [site.source(politeness={"delay_s": 0.1}) for site in [*sites, well]]
        report = place.crawl(*sources, backoff_s=0.1, max_wait_s=60.0)
    rows = [report.by_source[source.slug] for source in sources]
    assert rows[3].fetched == 40
    assert {row.problem for row in rows[:3]} == {"unreachable: the connection broke, several times"}
    assert all(row.waiting for row in rows[:3])


def test_two_pages_that_hang_one_after_the_other_do_not_end_the_night_of_their_source(place: Place) -> None:
    with serve(Site(make_posts(5))) as site:
        hanging = ("00004", "00003")  # the newest are asked first
        site.rules.append(lambda path, _: Answer(delay=3.0) if path.rstrip("/").endswith(hanging) else None)
        report = place.crawl(site.source(), backoff_s=0.05, timeout_s=1.5)
    [one] = report.by_source.values()
    assert (one.fetched, one.failed, one.problem) == (3, {"timeout": 2}, None)
