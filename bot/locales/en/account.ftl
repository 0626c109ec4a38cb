help =
    /digest — an issue now, /search — search the news
    /topics — topics, makes and your own words
    /time — when to send, /quiet — quiet hours, /mute — a pause
    /saved — saved stories
    /channels — your channels and groups
    /settings — everything on one screen, /stop — send nothing more
    Words will do too: “pause for a week”, “quiet 22-7”, “hide tesla”
help-desk =
    At the editors’ desk:
    /queue — what waits for an opinion, /opinion — on any story
    /breaking — breaking news, /sign — how you sign
    /correct — put a story right, /retract — withdraw it
help-saved = Saved
help-channels = Channels and groups
help-settings = All settings
panel-topics = Topics: { $count }
panel-topics-all = Topics: all
panel-makes = Makes: { $count }
panel-words = Own words: { $count }
panel-hidden = Hidden: { $count }
panel-times = Times: { $times }
panel-none = none
panel-zone = Zone: { $city }
panel-language = Language: English
look-on = on
look-off = off
look-density = Look: { $value }
look-density-brief = brief
look-density-digest = digest
look-density-cards = cards
look-opinions = Opinions: { $value }
look-opinions-all = all
look-opinions-approved = approved
look-opinions-none = none
look-previews = Previews: { $value }
look-light = Light mode: { $value }
look-accessible = For screen readers: { $value }
stopped =
    I’ll send nothing more. Your settings are kept: you can come back at any time.

    If you don’t mind, say why you are leaving. I don’t remember who answered.
stopped-thanks = I’ll send nothing more. Your settings are kept: you can come back at any time.
departure-thanks = Thank you, noted
button-departure-often = Too often
button-departure-other = Not for me
button-departure-repeats = Repeats
privacy-stored =
    What I store: the number of your Telegram account, your language, topics, makes, own words and what you hide, the times of your issues and your time zone, how issues look, saved stories, votes, which stories you already got, and which channels and groups you set up.
privacy-not-stored =
    What I don’t: your username, phone, messages, searches or location. Your name only in two cases: in the log of a channel you run, so that its other admins see who changed what, and under opinions, if you are an editor and chose to sign so.
privacy-why = Why: to put together your issues, send them and not repeat myself. For nothing else; I pass it on to nobody.
privacy-long = For how long: settings, saved stories and votes until you delete them; issues, what was in them and the numbers of messages around them for 15 days, the log of a channel for a year, cards of the editors’ desk for 90 days. What is deleted goes at once, your name from under opinions in posts too, and from backups within { $days } days.
privacy-rights = Your rights (GDPR, Russia’s 152-FZ): to know what is stored, correct it, take it with you, have it erased, complain. To correct it: /settings; the rest is on the buttons below.
privacy-who = Who runs this bot: { $name }. How to reach them: { $contact }.
privacy-who-unknown = Who runs this bot has not been stated by its owner.
button-export = Export my data
export-comes = Here is everything tied to you: a page to read, and JSON for programs.
export-later = You had an export already. The next one is possible in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
export-title = Everything Autodigest stores about you
export-note = This is what can be read. Our own numbers and marks are in the JSON file that came with this page, word for word.
export-stopped = { $times } (stopped for now)
export-since = We met on
export-gone = a story that the archive no longer has
export-channels = Channels and groups you set up
export-chats = You and your settings
export-saved = Saved stories
export-votes = Votes
export-coverage = Stories you already got
export-outbox = Your issues
export-outbox-parts = Messages sent
export-chat-managers = What you set up
export-audit = Your changes to channels
export-staff = You as an editor
export-desk-cards = Cards sent to you as an editor
export-opinions = Opinions you had a part in
export-opinion-history = Your changes to opinions
export-tickets = One-time links
delete-question = Delete your topics, times, saved stories ({ $saved }), votes ({ $votes }) and everything else? This can’t be undone.
delete-backups = It goes at once, and from backups within { $days } days. What has not been sent yet won’t come.
delete-channels = First decide about what only you run: { $titles }. You can hand over to the other admins, and issues go on, or let go: I leave, the posts stay.
button-hand-over = Hand over to admins
button-let-go = Let go
handed-over = Handed over: they run it from now on
handed-to-nobody = There is nobody to hand over to: no other admin has the right. Add one, or let go.
deleted = Deleted. /start begins anew.
group-private = Your data is a matter for our private chat.
check-contact-missing = it isn’t said who runs the bot: write AUTODIGEST_OPERATOR_NAME=… and AUTODIGEST_CONTACT=… into .env, /privacy shows them
command-editors = Editors
