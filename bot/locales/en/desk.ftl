desk-signature = The editors
desk-colleague = a colleague
desk-label-ru = Мнение редакции
desk-label-en = Editor’s opinion
carrier-first = Goes to “{ $title }”
carrier-people = Due:
carrier-past = Past due: if the story is out already, an opinion is added to the posts.
carrier-posted = { $count ->
    [one] Posted in { $count } channel already: an opinion is added to the post.
   *[other] Posted in { $count } channels already: an opinion is added to the posts.
}
carrier-stands = Posted in { $count } { $count ->
    [one] channel.
   *[other] channels.
}
carrier-none = No channel is waiting for it now.
carrier-unnamed = a channel
carriers-more = { $count ->
    [one] and { $count } more channel
   *[other] and { $count } more channels
}
card-number = Number for commands: { $number }
card-free = Free. Take it, or just reply to this message with your opinion.
card-mine = Yours until { $clock }. Reply to this message with your opinion.
card-taken = { $name } is writing, until { $clock }.
card-published = An opinion is published. Reply with new words to change it.
card-withdrawn = The opinion was withdrawn.
card-declined = It goes without an opinion of ours.
draft-extracted = Draft: from the article
draft-model = Draft: AI, check the facts
draft-written = Draft
button-desk-take = Take
button-desk-change = Change it
button-desk-give = Give back
button-desk-ok = Approve the draft
button-desk-facts = Facts checked
button-desk-other = Another draft
button-desk-none = No opinion
button-desk-later = Later
button-desk-put = Publish
button-desk-edit = Change
button-desk-drop = Cancel
button-desk-off = Withdraw opinion
button-desk-history = History
button-desk-sure = Yes, withdraw
desk-yours = Yours for ten minutes. Write what you think, or reply to the card.
desk-given = Given back
desk-later = Put off. Everything that waits for an opinion: /queue
desk-declined = It will go without an opinion of ours
desk-busy = { $name } is on it
desk-published-already = An opinion is published already. It can be withdrawn.
desk-no-draft = There is no draft here any more. Reply to the card with your words.
desk-no-other = There are no other drafts
desk-nothing-stands = There is no opinion under this story
desk-history = “{ $headline }”: history of the opinion
desk-history-published = { $name }: published
desk-history-withdrawn = { $name }: withdrawn
desk-how-to-edit = Edit your message, or reply to the card anew: I will show how it looks.
desk-dropped = The draft is gone. The story is free.
desk-changed-meanwhile = The opinion changed while you were deciding. Have another look.
desk-withdraw-question = Withdraw this opinion? It will vanish from every post that can be edited.
desk-conflict-own = You have published another opinion since. Put this one in its place?
desk-draft-newer = That was an older draft. Here is the newest: publish this one.
desk-conflict = Somebody else changed the opinion while you were writing. Publish yours?
desk-withdrawn = { $count ->
    [one] Withdrawn. Editing { $count } post
   *[other] Withdrawn. Editing { $count } posts
}
desk-approved = { $count ->
    [one] Published. Editing { $count } post
   *[other] Published. Editing { $count } posts
}
desk-withdrawn-unseen = Withdrawn
desk-approved-unseen = Published. No post tells this story now: those who open it will see your opinion
desk-approved-ahead = Published: it goes out with the story
desk-preview = This is what readers will see:
desk-formatting-lost = This is what readers will see (bold text and links do not stay in an opinion):
desk-text-only = An opinion is text only, up to 350 characters. Reply to the card in words.
desk-mend = Not yet:
desk-mend-how = Edit your message, or reply anew.
desk-mend-cut = Like this it would be { $length ->
    [one] { $length } character
   *[other] { $length } characters
}:
desk-claim-over = Time is up, the story is free again: “{ $headline }”. Your draft, if there was one, is kept.
flaw-short = • too short: { $length }, at least { $least } characters are needed
flaw-long = • too long: { NUMBER($length) } of { $most } characters
flaw-sentences = • { $count } sentences, there is room for { $most }
flaw-link = • a link: { $text }
flaw-mention = • a username: { $text }
flaw-hashtag = • a hashtag: { $text }
flaw-copy = • it repeats the news: say what you think of it
flaw-stopword = • a forbidden word: { $text }
queue-title = Waiting for an opinion: { $count ->
    [one] { $count } story
   *[other] { $count } stories
}
queue-empty = Nothing here: no story waits for an opinion.
queue-empty-until = Nothing here. The next issue: { $when }.
queue-mine = yours
queue-taken = { $name } is writing
queue-draft = has a draft
button-queue-all = All
button-queue-soon = Due soon
button-queue-mine = Mine
button-queue-bare = No draft
opinion-usage = Send the address of an article or the number of a story: /opinion 4F
opinion-not-found = No such story in a month: “{ $text }”. Send an article’s address, a number or other words.
opinion-found = Which of these?
breaking-usage = Send the number or address of a story: /breaking 4F
breaking-question = Goes now to { $whom }.
breaking-people = { $count ->
    [one] { $count } subscriber
   *[other] { $count } subscribers
}
breaking-channels = { $count ->
    [one] { $count } channel
   *[other] { $count } channels
}
breaking-nobody = Nobody waits for breaking news now, so there is nobody to send it to: it will be read in issues. Readers switch breaking news on in /time by the “Breaking” button; channels get it where “When” is “Each story at once” or “Both”.
breaking-all-have = Everyone who waits for breaking news has this story already, so there is nobody to send it to.
breaking-reached = “{ $headline }” went to { $whom }.
breaking-none = nobody
breaking-later = Still waiting for quiet hours to end or for approval: { $count }.
breaking-going = Goes out at { $clock }; until then it can be undone.
breaking-already = It is marked as breaking already
breaking-enough = { $most } breaking stories today already: more in a day only if an operator agrees.
breaking-gone = It is gone already
breaking-undone = Cancelled: nothing went out.
button-breaking-send = Send
amend-correct-usage = Write the story’s number or address and what is right: /correct 4F The rate is 10%, not 20%.
amend-correct-done = Marked. Readers will see:
amend-retract-usage = Write the story’s number or address and why it is withdrawn: /retract 4F The factory denied the deal.
amend-retract-done = Withdrawn. In its place readers will see:
note-too-long = { $most } characters at most; this is { $length }.
amend-copies = { $count ->
    [one] Mending { $count } message.
   *[other] Mending { $count } messages.
}
amend-nowhere = No message tells it, so there is nothing to mend.
amend-restored = “{ $headline }”: the mark is gone.
button-amend-restore = Remove the mark
button-breaking-over = Send all the same
report-title = “{ $headline }”
report-edited = Updated: { $what }
report-withdrawn = Withdrawn in { $what }
report-channels = { $count ->
    [one] { $count } channel
   *[other] { $count } channels
}
report-people = { $count ->
    [one] { $count } private chat
   *[other] { $count } private chats
}
report-none = Nothing was updated
report-gone = deleted in the chat: { $count }
report-closed = chat closed to us: { $count }
report-old = private and older than a day: { $count }
report-refused = edits Telegram refused: { $count }
staff-title = At the editors’ desk
staff-none = Nobody yet.
staff-editor = editor, { $number }
staff-operator = operator, { $number }
staff-invitation = Forward this link to whom you invite. It works once, within a day.
staff-invitation-over = This invitation was used or is too old. Ask for a new one.
staff-already = You are at the desk already. What waits for an opinion: /queue
staff-welcome = You are an editor now. I will send you stories that need an opinion: reply to a card in words, and I will show how it looks. Everything that waits: /queue
staff-dismiss-question = Remove from the editors: { $name }? Published opinions stay.
staff-dismissed = No editor any more
sign-question = How shall your opinions be signed?
sign-now = Your signature: { $signature }. Another: /sign Anna Peters (up to { $most } characters).
sign-wrong = A signature has up to { $most } characters, no links, @ or hashtags.
sign-done = Signature: { $signature }. To change it: /sign
button-sign-name = By name: { $name }
button-sign-desk = The editors
button-staff-invite = Invite an editor
button-staff-ask = Remove { $number }
button-staff-dismiss = Remove
command-queue = What waits for an opinion
command-opinion = Opinion on a story: number or address
command-breaking = Breaking news: number or address
command-correct = Correct a story: number and what is right
command-retract = Withdraw a story: number and why
week-title = Your week at the desk
week-written = Opinions: { $count }
week-pace = Usually { $span } after being asked
week-best = Most 👍, { $count }:
