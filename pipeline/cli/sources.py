"""`wartawas sources`: which sites are read, whether they still give articles, and a new one added."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, settings_option, shown, table_text
from pipeline.cli.source_choice import chosen_sources
from pipeline.cli.source_health import health

if TYPE_CHECKING:
    from crawler.probe import Probe, SourceCheck, Trial
    from crawler.source import Source
    from pipeline.article import Article, Refusal
    from pipeline.settings import Settings

_METHODS = {
    "wp_rest": "REST WordPress",
    "sitemap": "peta situs",
    "feed": "umpan RSS/Atom",
    "blogger": "umpan Blogger",
    "section": "halaman rubrik",
    "robots": "robots.txt",
}


@click.group()
def sources() -> None:
    """List, check and add the news sites that are read."""


sources.add_command(health)


@sources.command("list", epilog="Example: wartawas sources list --home 32")
@click.option("--home", default="", help="Only sites of a region (beginning of a Kemendagri code).")
@click.option("--json", "as_json", is_flag=True, help="Print one object a source.")
@settings_option
def list_sources(home: str, as_json: bool, settings: Settings) -> None:
    """List the known sources."""
    from crawler.source import load_sources

    with failures():
        found = [s for s in load_sources(settings.sources).values() if (s.home or "").startswith(home)]
    if as_json:
        for source in found:
            click.echo(json.dumps(source.model_dump(mode="json"), ensure_ascii=False))
        return
    rows = [
        (s.slug, s.name, s.domains[0], s.home or "-", s.cms, _ways(s), "ya" if s.verified else "belum")
        for s in found
    ]
    click.echo(table_text(("sumber", "nama", "domain", "wilayah", "cms", "jalan", "diperiksa"), rows))
    click.echo(f"\n{len(found)} sumber, {sum(s.verified for s in found)} sudah diperiksa di web.")


@sources.command(epilog="Example: wartawas sources check poskota guetilang")
@click.argument("slugs", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print one object a source.")
@click.option("--verify", is_flag=True, help="Write those that work into your folder as verified.")
@click.option("--delay", type=click.FloatRange(0, 300), help="Seconds between requests to a site.")
@settings_option
def check(
    slugs: tuple[str, ...], as_json: bool, verify: bool, delay: float | None, settings: Settings
) -> None:
    """Check on the live web that sources (all, or SLUGS) still give articles; exit code 1 if one does not."""
    from pipeline.cli.failure import Failure

    with failures():
        from crawler.probe import check_sources, write_source
        from pipeline.labels import knows_region
        from pipeline.progress import progress

        chosen = chosen_sources(slugs, settings)
        checks: list[SourceCheck] = []
        with progress("Memeriksa sumber", len(chosen)) as step:
            for asked in check_sources(chosen, contact=settings.contact, delay_s=delay):
                home = asked.source.home
                strange = f"home: no region has the code {home}; give one as 32.02"
                done = replace(asked, problem=strange) if home and not knows_region(home) else asked
                checks.append(done)
                step()
                if as_json:
                    click.echo(json.dumps(_check_row(done), ensure_ascii=False))
                if verify and done.works:
                    write_source(done.source.model_copy(update={"verified": True}), settings.own_sources)
    if not as_json:
        rows = [(c.source.slug, *_found(c), c.problem or "baik") for c in checks]
        click.echo(table_text(("sumber", "jalan", "artikel", "terbaru", "keadaan"), rows))
    broken = [c.source.slug for c in checks if not c.works]
    if broken:
        names = ", ".join(broken[:5]) + (", …" if len(broken) > 5 else "")
        raise Failure(f"{len(broken)} of {len(checks)} sources did not pass ({names}); see above")


@sources.command(epilog="Example: wartawas sources add https://kabar.example --home 32.02")
@click.argument("url")
@click.option("--home", help="Kemendagri code of the site's home region; it also decides the time zone.")
@click.option("--slug", help="Short name of the source (default: from the domain).")
@click.option(
    "--delay", type=click.FloatRange(0, 300), default=2.0, show_default=True, help="Seconds between requests."
)
@click.option("--allow-private", is_flag=True, help="Permit an address of a private network.")
@click.option("--force", is_flag=True, help="Replace a source that is known already.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@settings_option
def add(url: str, force: bool, as_json: bool, settings: Settings, **options: Any) -> None:
    """Look at a site and make it a source.

    Its file, and one page with what is read from it, are written into your folder of sources.
    """
    from datetime import UTC, datetime

    from pipeline.article import Refusal
    from pipeline.cli.failure import Failure

    with failures():
        from crawler.probe import probe_site, write_source
        from crawler.source import SLUG, find_source, load_sources
        from pipeline.labels import knows_region
        from pipeline.sample import PAGES, Sample, read_sample, store_sample

        if options["home"] and not knows_region(options["home"]):
            raise Failure(f"--home {options['home']}: no region has this code; give one as 32.02")
        if options["slug"] and not SLUG.fullmatch(options["slug"]):
            raise Failure(f"--slug {options['slug']}: small letters, digits and hyphens, 60 at most")
        known = find_source(load_sources(settings.sources), url)
        if known and not force:
            raise Failure(f"{url}: is the source {known.slug} already; --force replaces it")
        probe = probe_site(
            url,
            contact=settings.contact,
            home=options["home"],
            slug=options["slug"] or (known.slug if known else None),
            delay_s=options["delay"],
            allow_private=options["allow_private"],
        )
        page = probe.page
        sample = Sample(probe.source, page.url, page.body, page.content_type, probe.entry.hints)
        article = read_sample(sample)
        folder, source = settings.own_sources, probe.source
        written = []
        if not isinstance(article, Refusal):
            source = source.model_copy(update={"language": article.language})
            written.append(store_sample(sample, article, folder / PAGES, datetime.now(UTC).date()))
        written.insert(0, write_source(source, folder))
    if as_json:
        click.echo(json.dumps(_probe_row(probe, article, written), ensure_ascii=False))
    else:
        click.echo(shown("\n".join(_told(probe, article, written))))


def _ways(source: Source) -> str:
    return " ".join(dict.fromkeys(way.method for way in source.discovery))


def _found(check: SourceCheck) -> tuple[str, int, str]:
    working = [trial for trial in check.trials if trial.works]
    methods = " ".join(trial.method for trial in working) or "-"
    newest = f"{check.newest:%Y-%m-%d}" if check.newest else "-"
    return methods, max((len(trial.entries) for trial in working), default=0), newest


def _trial_row(trial: Trial) -> dict[str, object]:
    newest = trial.newest and trial.newest.isoformat()
    return {
        "method": trial.method,
        "url": trial.url,
        "entries": len(trial.entries),
        "newest": newest,
        "problem": trial.problem,
    }


def _check_row(check: SourceCheck) -> dict[str, object]:
    return {
        "source": check.source.slug,
        "works": check.works,
        "problem": check.problem,
        "newest": check.newest and check.newest.isoformat(),
        "requests": check.requests,
        "ways": [_trial_row(trial) for trial in check.trials],
    }


def _probe_row(probe: Probe, article: Article | Refusal, written: list[Path]) -> dict[str, object]:
    from pipeline.article import Refusal

    return {
        "source": probe.source.model_dump(mode="json"),
        "generator": probe.front.generator,
        "ways": [_trial_row(trial) for trial in probe.trials],
        "articles_a_day": probe.rate and round(probe.rate, 1),
        "crawl_delay": probe.crawl_delay,
        "page": probe.page.url,
        "language": None if isinstance(article, Refusal) else article.language,
        "refused": article.reason if isinstance(article, Refusal) else None,
        "requests": probe.requests,
        "files": [str(path) for path in written],
    }


def _told(probe: Probe, article: Article | Refusal, written: list[Path]) -> list[str]:
    from pipeline.article import Refusal

    source = probe.source
    lines = [f"{source.name} ({source.domains[0]}): {probe.front.generator or source.cms}, {source.zone}."]
    for trial in probe.trials:
        when = f", terbaru {trial.newest:%d-%m-%Y}" if trial.newest else ""
        found = f"{len(trial.entries)} artikel{when}" if trial.works else f"tidak ({trial.problem})"
        lines.append(f"  {_METHODS[trial.method]}: {found}")
    least = source.expect.min_articles_night
    lines.append(f"  irama: {_rate(probe.rate)}; diharapkan paling sedikit {least} semalam")
    asked = "tanpa jeda" if probe.crawl_delay is None else f"meminta jeda {probe.crawl_delay:g} detik"
    lines.append(f"  robots.txt: {asked}; dipakai {source.politeness.delay_s:g} detik")
    lines.append(f"  alamat artikel: {source.article[0] if source.article else 'tanpa pola yang tetap'}")
    if isinstance(article, Refusal):
        lines.append(f"  halaman contoh {probe.page.url}: tidak terbaca ({article.reason}: {article.detail})")
    else:
        when = f"{article.published:%d-%m-%Y %H:%M}" if article.published else "tanpa waktu"
        lines.append(f"  halaman contoh: “{article.title}”, {when}, {article.author or 'tanpa penulis'}, "
                     f"{len(article.text.split())} kata, bahasa {article.language}")  # fmt: skip
    if source.home is None:
        lines.append("  wilayah asal belum diisi: tulis kode Kemendagri pada `home`, atau beri --home")
    return [*lines, f"Ditulis: {', '.join(map(str, written))} ({probe.requests} permintaan)."]


def _rate(rate: float | None) -> str:
    if rate is None:
        return "tidak diketahui"
    if rate == 0:
        return "tidak ada artikel selama dua pekan terakhir"
    return f"sekitar {rate:.0f} artikel sehari" if rate >= 1 else "kurang dari satu artikel sehari"
