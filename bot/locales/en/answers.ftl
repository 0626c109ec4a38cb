bot-description = Car news from many sources in short issues: your topics, no repeats, with the editor’s opinion. Press START — the first issue is one tap away.
bot-short-description = Car news in short issues: your topics, no repeats, with the editor’s opinion.
command-digest = An issue now
command-topics = Topics and makes
command-time = Times of issue and time zone
command-channels = My channels and groups
command-settings = All settings
command-lang = Language
command-help = What I can do
command-privacy = What I store about you
command-stop = Send nothing more
command-setup = Set up this group
help =
    /digest — an issue now
    /topics — topics and makes
    /time — when to send, and by which clock
    /channels — your channels and groups
    /settings — everything on one screen, /lang — language
    /stop — send nothing more, /privacy — what I store
privacy =
    I store: the number of your Telegram account, your language, topics, times of issue, time zone, which stories you already got (15 days), and which channels and groups you set up.

    I do not store: your name, username, phone, messages or location.

    The button below deletes everything, at once and for good.
stopped = I will send nothing more. Your settings are kept: come back any time.
delete-question = Delete topics, times and everything else? This can’t be undone.
deleted = Deleted. /start to begin anew.
stale = This button is out of date. Latest: /digest
not-admin = Only the admins of “{ $title }” can set it up. You don’t have that right now.
digest-not-understood = I didn’t understand “{ $text }”; here is the issue in your topics. Topics are changed in /topics, for example: /topics chery
command-unknown = I have no command { $text }. There are /digest, /topics, /time and more: /help
words-unknown = I understand commands and the names of topics and makes, such as “chery” or “electric cars”. All commands: /help
group-answer = The group is set up in a private chat with me: { $link }
channels-list = Your channels and groups. Tap one to set it up.
channels-none = None yet. Add me to a channel as an admin with one right, to post messages, and I will publish digests there in the topics you choose.
channel-works = { $title } — running
channel-silent = { $title } — no issues
channel-added = I was added to “{ $title }”. Shall we set up its topics and times?
channel-no-right = I can’t post to “{ $title }”: the “Post messages” admin right is off. The settings are kept; turn it on and the issues go on.
channel-lost = I am no longer in “{ $title }”, so its issues have stopped. The settings are kept: bring me back and they go on.
channel-test-sent = The issue is on its way to “{ $title }”
error-unexpected = Something broke on my side, not yours. I have noted it; please try again in a little while.
