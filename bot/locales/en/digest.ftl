digest-title = Cars today · { $day }
digest-counts = { $stories ->
    [one] { $stories } story
   *[other] { $stories } stories
} from { $sources ->
    [one] { $sources } source
   *[other] { $sources } sources
} · { $minutes }-minute read
digest-widened = Nothing else is new in the last day, so these are the stories of the last { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
digest-next = Next issue —
section-rest = In short
sources-more = { $source } +{ $count }
card-source = Source: { $source }
card-related = Read also
ask-subscribe = Send an issue like this every day?
nothing-since = Nothing new in your topics since the last issue ({ $when }). Whatever comes will be in the next one.
nothing-yet = All quiet in your topics: not one story in three days.
nothing-at-all = Not one story in three days, which hardly ever happens. Please come back a little later.
nothing-left = Nothing new for now: you already have everything that suits you from the last three days.
