"""The web pages of the sample newsroom: a story, an outlet's front page, the list of outlets.

Pure functions; what stands inside an article is `article_markup`'s.
"""

from __future__ import annotations

from html import escape

from bot.sandbox.article_markup import body_html, words
from bot.sandbox.outlets import Edition, Published

STYLE_PATH = "/newsroom.css"


def article_page(edition: Edition, one: Published, shown: str) -> str:
    """Write the page of an article; `shown` is its date in words."""
    article = one.article
    picture = edition.picture_url(article)
    author = f" · {escape(article.author)}" if article.author else ""
    byline = f'<time datetime="{one.moment.isoformat()}">{escape(shown)}</time>{author}'
    figure = f'<img src="{picture}" alt="" width="640" height="320">\n' if picture else ""
    tags = "".join(f"<li>{escape(category)}</li>" for category in article.categories)
    head = (
        f'<link rel="canonical" href="{edition.link(article)}">\n'
        f'<meta name="description" content="{escape(article.lead)}">\n'
        '<meta property="og:type" content="article">\n'
        f'<meta property="og:title" content="{escape(article.title)}">\n'
    )
    if picture:
        head += f'<meta property="og:image" content="{picture}">\n'
    return _page(
        edition,
        title=article.title,
        head=head,
        main=(
            f"<article>\n<header>\n<h1>{escape(article.title)}</h1>\n"
            f'<p class="byline">{byline}</p>\n</header>\n'
            f'{figure}<div class="article-body">\n{body_html(edition, article)}\n</div>\n'
            f'<ul class="tags">{tags}</ul>\n</article>'
        ),
    )


def home_page(edition: Edition) -> str:
    """Write an outlet's front page: its headlines, newest first."""
    rows = "".join(
        f'<li><a href="{edition.link(one.article)}">{escape(one.article.title)}</a>'
        f"<p>{escape(one.article.lead)}</p></li>\n"
        for one in edition.published
    )
    main = f'<h1>{escape(edition.outlet.name)}</h1>\n<p class="byline">{escape(edition.outlet.tagline)}</p>\n'
    return _page(edition, title=edition.outlet.name, head="", main=f'{main}<ol class="headlines">\n{rows}</ol>')


def kiosk_page(editions: tuple[Edition, ...]) -> str:
    """Write the newsroom's own front page: the outlets and their feeds."""
    rows = "".join(
        f'<li><a href="{one.home}">{escape(one.outlet.name)}</a><p>{escape(one.outlet.tagline)} · '
        f'<a href="{one.feed_url}">{one.outlet.format}</a></p></li>\n'
        for one in editions
    )
    main = f'<main>\n<h1>Newsroom</h1>\n<ol class="headlines">\n{rows}</ol>\n</main>'
    return _document(lang="en", title="Newsroom", head="", body=main, footer=words("en")["footer"])


def _page(edition: Edition, *, title: str, head: str, main: str) -> str:
    outlet, said = edition.outlet, words(edition.outlet.lang)
    head += f'<link rel="alternate" type="{outlet.format.media_type}" href="{edition.feed_url}">\n'
    nav = (
        f'<nav><a class="brand" href="{edition.home}">{escape(outlet.name)}</a> '
        f'<a href="{edition.home}">{said["home"]}</a></nav>'
    )
    body = f"{nav}\n<main>\n{main}\n</main>"
    return _document(lang=outlet.lang, title=title, head=head, body=body, footer=said["footer"], charset=outlet.charset)


def _document(*, lang: str, title: str, head: str, body: str, footer: str, charset: str = "utf-8") -> str:
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="{charset}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" href="{STYLE_PATH}">\n<link rel="icon" href="data:,">\n{head}'
        f"</head>\n<body>\n{body}\n<footer>{escape(footer)}</footer>\n</body>\n</html>\n"
    )
