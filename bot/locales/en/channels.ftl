channels-list = Your channels and groups. Tap one to set it up.
channels-none = None yet. In channels and groups I publish digests or single stories in the topics you choose. A channel needs me as an admin with one right, to post messages.
channels-sample = A post looks like this:
channel-listed = { $title } — { $state }
channel-listed-posts = { $title } — { $state }, { $count ->
    [one] { $count } post
   *[other] { $count } posts
} today
channel-heading = “{ $title }” — { $state }
channel-state-works = running
channel-state-silent = nothing goes out
channel-state-paused = paused
channel-state-until = paused, runs again { $when }
channel-state-setup = not set up yet
channel-state-lost = stopped, no access
channel-state-gone = stopped, Telegram can’t find it
channel-facts =
    Topics: { $topics }
    Goes out: { $when }
    Clock: { $city }, { $clock } now; { $quiet }
    Look: { $density }; { $picture }
    Opinions: { $opinions }
    Signature: { $signature }
    Posts: { $hashtags }, { $sound }
    Posts a day: { $cap }; importance: { $least }
    Approval: { $approval }; { $report }
channel-added = I was added to “{ $title }”. Shall we set it up? It takes five short steps, and nothing goes out there before the last one.
channel-known = I am in “{ $title }” again, with all its settings. Nothing goes out there until you resume.
channel-joined = Other admins have set up “{ $title }” already. From now on you can change its settings too.
channel-no-right = I can’t post to “{ $title }”: the “Post messages” admin right is off. The settings are kept; turn it on and the issues go on.
channel-mute = I was added to “{ $title }” but may not write there: “Post messages” is off in the admin rights. Turn it on, and we set it up.
channel-lost = I am no longer in “{ $title }”, so its issues have stopped. The settings are kept: bring me back and they go on.
channel-deleted = Telegram can’t find “{ $title }” any more: it seems to have been deleted. Its issues have stopped, the settings are kept.
channel-gone = I am not in “{ $title }”, and Telegram won’t tell me who runs it. Bring me back and all goes on as it was set.
channel-unlinked = “{ $title }” is unlinked: nothing goes out there, its settings are kept. Link it again?
channel-returned = I can post to “{ $title }” again, and everything goes out as it was set.
channel-unasked = Telegram isn’t answering, so I can’t check your right. Please try again in a minute.
channel-crowd = “{ $title }” has more than 10,000 subscribers: { $count }. In Russia, law 303-FZ asks for such a channel to be registered with Roskomnadzor; without that it may carry no ads, and others may not repost from it. It is done at https://www.gosuslugi.ru. This is only a reminder and changes nothing in what I do.
channel-test-sent = The test post is on its way to “{ $title }”
button-relink = Link it again
button-unlist = Take it off my list
button-to-channel = ‹ Settings
button-when = When
button-hours = Quiet hours
button-issue-times = Times of issue
button-density = Look
button-opinions = Opinions
button-picture = Picture
button-signature = Signature
button-hashtags = Hashtags
button-sound = Sound
button-cap = Posts a day
button-least = Importance
button-approval = Approval
button-queue = Queue
button-preview = Preview
button-trial = Test post
button-threads = Forum topics
button-log = Who changed what
button-unlink = Unlink
button-later = Finish later
button-all-settings = All settings
button-choose-topics = Choose topics
button-launch = Launch
button-change-look = Change the look
button-trial-drop = Delete the test post
button-unlink-yes = Unlink
button-leave = Let the bot leave
button-by-link = Add by a link
button-pick-channel = Choose a channel
button-pick-joined = Where I am already
button-pick-group = Choose a group
button-setup-private = Set up in private
button-unsign = No signature
button-refresh = Refresh
button-publish = Publish
button-approval-edit = Drop a story
button-approval-no = Do not publish
button-approval-out = Drop { $number }
button-queue-up = { $number } ↑
button-queue-out = Drop { $number }
button-queue-now = { $number } now
button-thread-make = Make a forum topic
button-thread-drop = Send here no more
pick-channel = There is a “Choose a channel” button below: Telegram will show the channels where you may add admins, and give me one right, to post messages. “Where I am already” is for those who post there but may not add admins. If there is no button (browsers and old apps lack it), add me by the link.
pick-group = There is a “Choose a group” button below: Telegram will show the groups that you run and add me there. If there is no button (browsers and old apps lack it), add me by the link.
pick-channel-below = Choose a channel ↓
pick-group-below = Choose a group ↓
pick-cancelled = All right, nothing is added.
pick-done = “{ $title }” it is.
pick-not-in = I was not let into “{ $title }”, or may not post there. Add me by the link and we go on.
group-setup = The group is set up in a private chat, where I can tell that it is you. The link works once, within an hour.
group-setup-thread = Choose in a private chat which news goes to this topic. The link works once, within an hour.
setup-link-used = This link was used, is too old or is meant for somebody else. Write /setup in the group again.
wizard-heading = “{ $title }”: step { $step } of 5
wizard-topics = What about? With nothing chosen it gets the main news of all.
wizard-trial = See what it looks like. A test post goes there without a sound, marked as a test, and you can delete it at once. Or launch right away.
wizard-works = Done: “{ $title }” is launched.
wizard-first = The first issue comes { $when }.
wizard-first-at-once = The first post comes as soon as there is news in your topics.
wizard-first-both = The first story goes out as soon as there is one; the first issue comes { $when }.
wizard-launched = Launched
rhythm-now = Each story at once
rhythm-issues = Issues at 9, 13 and 19
rhythm-issues-own = In issues
rhythm-both = Both
rhythm-at-once = each story at once
rhythm-off = never
ask-when-title = “{ $title }”: when to post
ask-when = Shall I post each story at once, in issues a few times a day, or both?
ask-when-now = Now: { $when }.
ask-density-title = “{ $title }”: look
ask-density = How shall stories look?
ask-opinions-title = “{ $title }”: opinions
ask-opinions = Shall opinions be shown? Approved ones were written or checked by our editors.
ask-picture-title = “{ $title }”: picture
ask-picture = What goes with a single story? The picture is the article’s own; a large one stands above the text.
ask-cap-title = “{ $title }”: posts a day
ask-cap = How many posts a day at most? What finds no room goes into the next issue.
ask-least-title = “{ $title }”: importance
ask-least = How important must a story be to be posted at once? Importance, from 0 to 100, comes from the number of sources and how fresh it is.
ask-approval-title = “{ $title }”: approval
ask-approval = Shall admins see each post before it is published? Each gets the draft in private. If nobody answers in time, it is published by itself.
choice-density-brief = Brief, headlines only
choice-density-digest = Digest
choice-density-cards = Cards
choice-opinions-all = All opinions
choice-opinions-approved = Approved ones only
choice-opinions-none = No opinions
choice-picture-preview = Link preview
choice-picture-photo = Large picture
choice-picture-none = No picture
choice-hashtags-yes = Hashtags under single stories
choice-hashtags-no = No hashtags
choice-sound-yes = Sound on
choice-sound-no = Sound off
choice-cap-off = No limit
choice-cap-number = Up to { $count }
choice-least-0 = Any
choice-least-number = From { $count }
choice-approval-off = Off
choice-approval-never = Always wait
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
set-density = Look: { $to }
set-opinions = Opinions: { $to }
set-picture = Picture: { $to }
set-hashtags = { $to }
set-sound = { $to }
set-cap = Posts a day: { $to }
set-least = Importance: { $to }
set-approval = Approval: { $to }
quiet-none = no quiet hours
quiet-hours = quiet from { $start } to { $end }
signature-none = none
signature-ask = Send the signature, up to { $most } characters: it will stand under each post. The channel:
signature-now = Now: { $text }
signature-hint = For example: Car news every day
signature-or-none = Or have none:
signature-set = The signature is kept: { $text }
signature-too-long = That is { $count } { $count ->
    [one] character
   *[other] characters
}, and there is room for { $most }. For example: { $text }
preview-nothing = All quiet in the channel’s topics: not one story in three days.
preview-done = This is what a post to “{ $title }” would be right now.
preview-length = { NUMBER($count) } of { NUMBER($most) } characters
preview-longest = { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
}, the longest has { NUMBER($count) } of { NUMBER($most) } characters
trial-heading = Test: not for readers
trial-posted = The test post is in “{ $title }”. Have a look at it there, then decide.
trial-deleted = The test post was deleted from “{ $title }”.
trial-gone = Deleted
trial-not-there-yet = The test post is still on its way. Tap again in a few seconds.
trial-not-deleted = Telegram didn’t let me delete the test post. Please delete it there yourself.
unlink-question = Unlink “{ $title }”? Nothing more will go out there. What was published stays, and so do the settings: you can link it again any time.
unlink-not-yours = Only the owner or whoever linked it can unlink it. You can stop it: “Pause”.
unlinked = “{ $title }” is unlinked, nothing more goes out there. Shall I leave it?
unlinked-by = { $name } unlinked “{ $title }”: nothing more goes out there.
left = I left “{ $title }”. What was published stays.
queue-heading = “{ $title }”: queue
queue-line = { $number }. { $when }: { $what }
queue-issue = { $number }. { $when }: an issue, made by then
queue-when-soon = going out now
queue-when-asked = waits for approval
queue-when-asked-until = waits for approval, published by itself { $when }
queue-and-more = { $title } and { $count } more
queue-nothing = Empty: nothing waits and nothing is planned.
queue-cap = { $count ->
    [one] { $count } post
   *[other] { $count } posts
} today, the limit is { $most }.
queue-cap-reached = { $count ->
    [one] { $count } post
   *[other] { $count } posts
} of { $most } today: other stories go into the next issue.
queue-up = Moved up
queue-first = It is the first already
queue-out = Dropped
queue-now = On its way
queue-nothing-new = Nothing new for the channel yet: all that suits it is out already.
queue-now-asked = The issue is made and went to the admins for approval
queue-before-launch = The channel is not launched yet: nothing goes out until you tap “Launch” in its settings.
queue-posted = This post was published or dropped already
approval-heading = “{ $title }”: for your approval. { $told }
approval-until = Published by itself at { $clock } unless somebody answers.
approval-open = Waits for your word.
approval-gone = Waits no longer: this post was dropped and never went out.
approval-unlinked = Waits no longer: the channel was unlinked since, and the post never went out.
approval-lost = Approved by { $name }, { $clock }. It goes out when I may post to the channel again.
approval-stopped = Approved by { $name }, { $clock }. It goes out when the channel is resumed.
approval-still = { $count ->
    [one] { $count } post still waits for a word: decide in “Queue”.
   *[other] { $count } posts still wait for a word: decide in “Queue”.
}
approval-by-itself = Published by itself at { $clock }.
approval-published = Published by { $name }, { $clock }.
approval-declined = Declined by { $name }, { $clock }.
approval-last = This is the last story: to have no post, tap “Do not publish”.
approval-out = Dropped: { $title }
threads-title = “{ $title }”: forum topics
threads-hint = Where the news of each topic goes. Or write /setup inside a topic of the group.
thread-line = { $topic } → { $where }
thread-general = General
thread-named = “{ $name }”
thread-chosen = a topic of its own
thread-now = Now: { $where }.
thread-hint = I make a topic “{ $topic }” in the group if I may manage topics. Or write /setup inside one that is there.
thread-question = Which news goes to the topic where you wrote /setup?
thread-set = { $topic }: goes to this topic now
thread-dropped = { $topic }: goes to General now
thread-made = The topic “{ $name }” is there
thread-there = This news has its place in the group already.
thread-no-right = I may not manage topics. Give me that right, or write /setup inside a topic of the group.
thread-no-forum = This group has no topics. They are switched on in its settings.
thread-lost = The group “{ $title }” no longer has the topic “{ $name }”: its news goes to General now. Choose another topic if you like.
thread-general-closed = The General topic of “{ $title }” is closed, so a post did not get there. Open it, or choose other topics for the news.
log-heading = “{ $title }”: who changed what
log-empty = Nothing yet.
log-line = { $when } — { $name }: { $what }
log-us = The bot
log-somebody = An admin
log-other = other settings
log-linked = linked it
log-unlinked = unlinked it
log-lost = access lost, paused
log-returned = access is back
log-stopped = paused
log-launched = launched
log-resumed = running again
log-paused-until = paused for a while
log-topic-added = + { $to }
log-topic-removed = − { $to }
log-words-added = own words + { $to }
log-words-removed = own words − { $to }
log-times = times of issue: { $to }
log-zone = time zone: { $to }
log-lang = language: { $to }
log-reads = languages of news: { $to }
log-instant = at once: { $to }
log-density = look: { $to }
log-opinions = opinions: { $to }
log-picture = picture: { $to }
log-hashtags = { $to }
log-sound = { $to }
log-daily-cap = posts a day: { $to }
log-least-importance = importance: { $to }
log-approval-minutes = approval: { $to }
log-signature = signature: { $to }
log-quiet = { $to }
log-hidden = stop words and hidden things
log-threads = forum topics
log-trial = test post
log-trial-deleted = test post deleted
log-approved = post published
log-approved-kept = post approved, goes out when the channel works again
log-declined = post declined
log-approval-out = dropped from a post: { $to }
log-queue-out = dropped from the queue: { $to }
log-queue-now = sent now: { $to }
log-queue-issue-now = issue sent ahead of time
log-queue-issue-asked = issue made ahead of time, for approval
log-queue-skip = next issue skipped
log-instant-off = nothing
log-instant-breaking = breaking news only
log-instant-every = each story
report-week = “{ $title }”, the week
report-posts = Posts: { $count }
report-reactions = Reactions: { $count }
report-best = Most reactions, { $count }:
report-main = The most important one:
report-full = Days on which the limit of posts ({ $most }) was reached: { $count }. The rest went into issues.
report-silent = Silent all week: { $names }
button-report = Report
button-report-off = No more reports
choice-report-yes = Report on Mondays
choice-report-no = No reports
set-report = { $to }
log-report = { $to }
log-unmanaged = nobody is left to run it
log-managed = somebody runs it again
log-general-closed = post not sent: the General topic is closed
log-orphaned = nobody ran it for a week, paused
channel-unmanaged = None of you can run “{ $title }” any more: everybody who set it up lost the admin right. Unless somebody gets it back within a week, its issues will stop; the settings are kept.
channel-orphaned = Issues to “{ $title }” have stopped: nobody ran it for a week. The settings are kept; any admin with the right to post can resume it: /channels, “Add”.
