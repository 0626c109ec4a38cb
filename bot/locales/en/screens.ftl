welcome = Hello! I turn car news from many sources into short issues, with no duplicates and no ads. Pick topics or open an issue right away.
welcome-back = Welcome back! Everything you set is as you left it.
subscribed = Done: every day at { $times } ({ $city }). The next issue comes { $when }. To turn off: /stop.
topics-title = Topics{ $where }
topics-chosen = Chosen: { $topics }.
topics-hint = Tap to add or remove. With none chosen you get everything. You can also just write a make or a topic: “chery”, “recalls”.
topics-hint-channel = Tap to add or remove. With none chosen everything goes in.
topics-all = all topics
topics-found = Here is what I found. Tap to add or remove.
topics-not-found = I don’t know a topic or make called “{ $text }”. Try another spelling, for example: /topics haval
topic-added = Added: { $name }
topic-removed = Removed: { $name }
and-more = { $names } and { $count } more
toggle-on = ✓ { $name }
stopped-back = Welcome back! Issues are stopped, your settings are kept. Shall I resume?
times-title = Times of issue{ $where }
times-chosen = Now: { $times }.
times-hint = Up to { $most ->
    [one] once
   *[other] { $most } times
} a day. You can also write: /time 7:15 and 19:00
times-hint-channel = Up to { $most ->
    [one] once
   *[other] { $most } times
} a day.
times-daily = every day at { $times }
times-none = no issues come
times-paused = paused
times-enough = No more than { $most ->
    [one] one time
   *[other] { $most } times
} a day. Remove one first.
times-not-read = I couldn’t read the time “{ $text }”. For example: /time 8:00 and 19:30
zone-question = What time is it where you are? Tap your time.
language-question = Which language shall I speak, and which news shall I send?
language-not-read = I don’t know the language “{ $text }”. For example: /lang ru
language-ru = Русский
language-en = English
news-ru = news in Russian
news-en = news in English
reads-one = At least one language of news has to stay.
settings-title = Settings{ $where }
settings =
    Topics: { $topics }
    Issues: { $times }
    Time zone: { $city }, now { $clock }
    You read: { $reads }
page-of = { $page } of { $pages }
button-show = Show the issue
button-back = ‹ Back
button-next = Next ›
button-list-m = Makes
button-list-t = Topics
button-done = Done
button-zone = Time zone: { $city }, now { $clock }
button-zone-short = Time zone
button-other-country = Another country
button-russia = Russia
button-topics = Topics
button-times = Times
button-language = Language
button-morning = Morning 8:00
button-evening = Evening 19:00
button-both = Morning and evening
button-other-time = Another time
button-other-zone = My time is different
button-change-topics = Change topics
button-all-topics = Show all topics
button-settings = Settings
button-resume = Resume
button-pause = Pause
button-delete = Delete my data
button-delete-all = Delete everything
button-cancel = Cancel
button-test = Issue now
button-all-channels = ‹ All channels
button-setup = Set up
button-add-channel = Add a channel
button-add-group = Add a group
button-repair = Restore access
