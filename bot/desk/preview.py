"""What an editor sees before anything is published: the exact post, or what a colleague has changed meanwhile."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.callbacks import DeskTap
from bot.desk.cards import draw_post, mark_of, source_of_draft
from bot.desk.roles import signature_of
from bot.desk.table import Table
from bot.desk.taps import CardTap
from bot.i18n import words_for
from bot.look import Place, place_of
from bot.markup import Bold, Button, Italic, Message, Paragraph, Quote, Spans
from bot.render_blocks import opinion_label
from bot.visit import Visit
from feeds.digest import tell
from feeds.issue import Chat, Digest, DigestKind, Instant, OutboxId, Parcel, Section
from feeds.judging import candidates
from feeds.model import Opinion, Story
from feeds.opinions import EditorsOpinion, OpinionOrigin, StaffMember

_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)


async def preview(
    story: Story, opinion: EditorsOpinion, visit: Visit, member: StaffMember, *, checked: bool = True, note: str = ""
) -> Message:
    """Draw the post with the draft in it; not ``checked``: a model's words, whose facts somebody must vouch for."""
    words, reader = visit.words, await Table(visit.bot, visit.services).reader(story)
    label, signature = label_of(story, opinion, visit, member)
    shown = Opinion(label=label, text=opinion.draft, ours=True, signature=signature)
    post = draw_post(tell(story), shown, _place(visit)) if reader is None else _as_read(reader, story, shown, visit)
    head = note or (words("desk-preview") if checked else source_of_draft(opinion, _place(visit)))

    def button(do: str, style: str | None = None) -> Button:
        said = {"version": opinion.version, "draft": mark_of(opinion.draft)}
        tap = DeskTap.model_validate({"story": story.id, "do": do, **said})
        return Button(text=words(f"button-desk-{do}"), data=tap.pack(), style=style)

    rows = ((button("put" if checked else "facts", "success"),), (button("edit"), button("drop")))
    return replace(post, document=(Paragraph((Italic((head,)),)), *post.document), keyboard=rows)


def _as_read(reader: Chat, story: Story, opinion: Opinion, visit: Visit) -> Message:
    """Draw it in the language and the form of a channel: a post, or in an issue."""
    now = visit.services.clock()
    told = replace(tell(story), opinion=opinion, opinion_source=None)
    kind = DigestKind.INSTANT if reader.instant is Instant.EVERY else DigestKind.SCHEDULED
    digest = Digest(kind=kind, made_at=now, sections=(Section(topic=None, stories=(told,)),))
    parcel = Parcel(id=OutboxId(0), chat=reader, slot="preview", digest=digest, due_at=now)
    return Message(document=visit.services.write(parcel)[0].document, preview_url=None)


def conflict(opinion: EditorsOpinion, visit: Visit, *, question: str = "desk-conflict", sure: str = "put") -> Message:
    """Show what stands and what would be put in its place, and ask."""
    words = visit.words
    signed: Spans = ("\n", Italic((opinion.signature,))) if opinion.signature else ()
    blocks: list[Paragraph | Quote] = [Paragraph((words(question),))]
    if opinion.text:
        blocks.append(Quote((Bold((opinion.label,)), "\n", opinion.text, *signed)))
    if opinion.draft and sure == "put":
        blocks.append(Quote((Bold((words("draft-written"),)), "\n", opinion.draft)))
    said = {"version": opinion.version, "draft": mark_of(opinion.draft)}
    tap = DeskTap.model_validate({"story": opinion.story_id, "do": sure, **said})
    back = CardTap(story=opinion.story_id)
    keyboard = (
        (Button(text=words(f"button-desk-{sure}"), data=tap.pack(), style="danger" if sure == "sure" else "success"),),
        (Button(text=words("button-cancel"), data=back.pack()),),
    )
    return Message(document=tuple(blocks), keyboard=keyboard)


def label_of(story: Story, opinion: EditorsOpinion, visit: Visit, member: StaffMember) -> tuple[str, str]:
    """Say what stands above and below an opinion.

    A newsroom's own words stay under its own label, with its name, and bear no signature of ours.
    """
    told = tell(story)
    if opinion.draft_origin is OpinionOrigin.EXTRACTED:
        for label, source, text in candidates(story):
            if text == opinion.draft:
                return opinion_label(replace(told, opinion_source=source), Opinion(label=label, text=text)), ""
    lang = "ru" if _CYRILLIC.search(opinion.draft) else "en"
    # Readers read both in the language of the opinion, whatever its editor speaks with the bot.
    return visit.words(f"desk-label-{lang}"), signature_of(member, words_for(lang))


def _place(visit: Visit) -> Place:
    return place_of(visit.person, visit.services.catalogue)
