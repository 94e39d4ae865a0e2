"""Read the finished pages as a browser would: links lead somewhere, pictures have words, nothing comes from elsewhere."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

LOADED = {
    "img": "src",
    "script": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
}
HOST = re.compile(r"^(localhost|127\.0\.0\.1|\[::1\]|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(:\d+)?$", re.I)


def find_faults(site):
    """List what is wrong with the pages of a site.

    Parameters
    ----------
    site : pathlib.Path
        The folder with the HTML.

    Returns
    -------
    list of str
        One sentence for each fault, with the page. External addresses are judged by their form; nothing is asked of a network.
    """
    site = Path(site).resolve()
    pages = {path: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in sorted(site.rglob("*.html"))}
    names = {
        path: {
            tag.get("id") or tag.get("name")
            for tag in soup.find_all(id=True) + soup.find_all("a", attrs={"name": True})
        }
        for path, soup in pages.items()
    }
    faults = []
    for path, soup in pages.items():
        said = [*_links(path, soup, site, names), *_pictures(soup), *_loaded(soup)]
        faults += [f"{path.relative_to(site)}: {fault}" for fault in dict.fromkeys(said)]
    return faults


def _links(path, soup, site, names):
    for tag in soup.find_all("a", href=True):
        link = tag["href"].strip()
        parts = urlsplit(link)
        if parts.scheme in ("http", "https"):
            if not HOST.match(parts.netloc) or re.search(r"\s", link):
                yield f"{link!r} is no address. Write https://HOST/…, without spaces."
        elif parts.scheme == "mailto":
            continue
        elif parts.scheme or parts.netloc:
            yield f"{link!r} is neither a page of the site nor an https address."
        else:
            yield from _inside(path, link, parts, site, names)


def _inside(path, link, parts, site, names):
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target = target / "index.html"
    if not target.is_relative_to(site) or not target.is_file():
        yield f"the link {link!r} leads nowhere."
    elif parts.fragment and target in names and unquote(parts.fragment) not in names[target] | {"top"}:
        yield f"the link {link!r} leads to a page that has no such place."


def _pictures(soup):
    for tag in soup.find_all("img"):
        if not (tag.get("alt") or "").strip():
            yield f"a picture without alt text: {str(tag)[:80]!r}."


def _loaded(soup):
    for name, attribute in LOADED.items():
        for tag in soup.find_all(name):
            address = tag.get(attribute) or ""
            if name == "link" and not {"stylesheet", "preload", "icon"} & set(tag.get("rel") or []):
                continue
            if urlsplit(address).scheme in ("http", "https") or address.startswith("//"):
                yield f"{address!r} would be loaded from elsewhere. Put it on the site."
