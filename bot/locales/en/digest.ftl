digest-title = Cars today · { $day }
digest-title-days = The last { $days ->
    [one] { $days } day
   *[other] { $days } days
} in cars · { $day }
digest-title-weekly = The week in cars · { $day }
digest-title-catch-up = While you were away · { $day }
digest-counts = { $stories ->
    [one] { $stories } story
   *[other] { $stories } stories
} from { $sources ->
    [one] { $sources } source
   *[other] { $sources } sources
}
digest-minutes = { $minutes }-minute read
digest-missed = { $total ->
    [one] { $total } story
   *[other] { $total } stories
} came in; { $shown ->
    [one] this { $shown } matters
   *[other] these { $shown } matter
} most.
digest-merged = Telegram was out of reach for a while: here is the best of { $issues ->
    [one] { $issues } issue
   *[other] { $issues } issues
} in one.
digest-widened = Nothing else is new in the last day, so these are the stories of the last { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
digest-next = Next issue —
section-lead = Top story
section-rest = In short
sources-more = { $source } +{ $count }
sources-more-plain = { $source } and { $count } more
source-in-en = in English
source-in-ru = in Russian
story-number = Story { $number }.
card-source = Source: { $source }
card-related = Read also
ask-subscribe = Send an issue like this every day?
ask-resume = Issues are stopped. Resume them: { $times }?
nothing-since = Nothing new in your topics since the last issue ({ $when }). Whatever comes will be in the next one.
nothing-yet = All quiet in your topics: not one story in three days.
nothing-at-all = Not one story in three days, which hardly ever happens. Please come back a little later.
nothing-left = Nothing new for now: you already have everything that suits you from the last three days.
