"""The body of a sample article, as HTML and as plain text.

Pure functions. Feeds and pages share the body, as they do where one editor's form fills both.
"""

from __future__ import annotations

from html import escape

from bot.sandbox.outlets import Article, Edition, Opinion, OpinionMarkup

_WORDS = {
    "ru": {
        "related": "Читайте также",
        "home": "Все новости",
        "footer": "Учебный материал: издание, тексты и цифры придуманы для демонстрации.",
    },
    "en": {
        "related": "Read also",
        "home": "All stories",
        "footer": "Sample material: the outlet, the texts and the figures are made up for the demo.",
    },
}


def words(lang: str) -> dict[str, str]:
    """Return the furniture of a page in its language, English where there is no other."""
    return _WORDS.get(lang, _WORDS["en"])


def body_html(edition: Edition, article: Article) -> str:
    """Write the paragraphs, the opinion in its mark-up, and the links to read next."""
    parts = [f"<p>{escape(text)}</p>" for text in (article.lead, *article.paragraphs) if text]
    if article.opinion is not None:
        parts.append(opinion_html(article.opinion))
    if related := edition.related(article):
        rows = "".join(f'<li><a href="{edition.link(one)}">{escape(one.title)}</a></li>' for one in related)
        parts.append(f"<h4>{words(edition.outlet.lang)['related']}</h4>\n<ul>{rows}</ul>")
    return "\n".join(parts)


def body_text(article: Article) -> str:
    """Write the same without mark-up: paragraphs and the opinion's heading on lines of their own."""
    opinion = (article.opinion.heading, article.opinion.text) if article.opinion else ()
    return "\n\n".join(text for text in (article.lead, *article.paragraphs, *opinion) if text)


def opinion_html(opinion: Opinion) -> str:
    """Set the newsroom's view apart in one of the ways seen in the wild."""
    heading, text = escape(opinion.heading), escape(opinion.text)
    match opinion.markup:
        case OpinionMarkup.HEADING:
            return f"<h3>{heading}</h3>\n<p>{text}</p>"
        case OpinionMarkup.BOLD_PARAGRAPH:
            return f"<p><strong>{heading}</strong></p>\n<p>{text}</p>"
        case OpinionMarkup.BOLD_LEAD_IN:
            return f"<p><b>{heading}:</b> {text}</p>"
        case OpinionMarkup.BLOCKQUOTE:
            return f"<blockquote>\n<p><strong>{heading}</strong></p>\n<p>{text}</p>\n</blockquote>"
        case OpinionMarkup.DIV_CLASS:
            return (
                f'<div class="editor-opinion">\n<div class="editor-opinion__title">{heading}</div>\n'
                f"<p>{text}</p>\n</div>"
            )
        case OpinionMarkup.PLAIN:
            return f"<p>{heading}</p>\n<p>{text}</p>"
