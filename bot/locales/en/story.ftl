opinion-more = + opinion
opinion-more-plain = has an opinion
mark-corrected = Corrected:
mark-corrected-at = the text was amended at { $clock }
mark-retracted = Story withdrawn:
mark-retracted-which = “{ $headline }”.
mark-retracted-why = Its source did not confirm it.
mark-added = Added at { $clock }: { $sources }
breaking-title = Breaking: { $headline }
breaking-confirmed = { $count ->
    [one] Confirmed by { $count } source:
   *[other] Confirmed by { $count } sources:
}
breaking-others = and { $count } more
button-more = { $count } more
button-back-plain = Back
button-story = Story { $number }
button-keep = Save
button-kept = ✓ Saved
button-read = Read ↗
button-read-plain = Read the article
button-read-all = Read in full ↗
button-read-all-plain = Read in full
button-like = 👍
button-like-plain = I like it
button-dislike = 👎
button-dislike-plain = I don’t like it
button-hide = Less like this
button-why = Why is this here?
button-share = Share
button-own-feed = My own feed
story-gone = This story has been deleted since. Latest: /digest
story-retracted = This story was withdrawn.
kept = Saved. Everything you saved: /saved
kept-nearly-full = { $count } of { $most } saved. When the room is used up, the oldest go first: export them in /saved.
unkept = No longer saved
vote-for = Noted: more like this
vote-against = Noted: less like this
vote-back = Vote taken back
vote-now-more = From now on more often: { $topics }
why-topics = Topics: { $topics }.
why-importance = Importance { $importance } of 100: { $sources }, { $age } old.
why-sources = { $count ->
    [one] { $count } source
   *[other] { $count } sources
}
why-rule = Rule: { $rule }.
why-theme = topic “{ $name }”
why-make = make { $name }
why-words = your own words “{ $text }”
why-everything = you read all topics
why-opened = you opened it yourself
why-other = outside the topics you have now
why-votes-up = Your votes lifted it.
why-votes-down = Your votes lowered it.
age-minutes = { $count } min
age-hours = { $count } h
age-days = { $count } d
hide-question = What would you like less of?
hide-how-long = { $what }. Hide it for how long?
hide-last = { $what } is the last of your topics. Without it your issues would be empty. Hide it?
hide-common = “{ $word }” is too common a word: most of the news would go with it. Hide it?
hide-done = Hidden. { $what }. Everything hidden is in /topics.
hide-undone = Shown again.
hide-left = All right, everything stays as it was.
hidden-theme = Topic: { $name }
hidden-make = Make: { $name }
hidden-source = Source: { $name }
hidden-word = Word: { $name }
hidden-story = Only this story
hidden-line = { $what } — { $until }
hidden-until = until { $when }
hidden-ever = for good
button-hide-month = For { $days } days
button-hide-ever = For good
button-hide-sure = Hide it anyway
button-undo = Undo
more-nothing = There is nothing more in this issue. Latest: /digest
saved-title = Saved: { $count ->
    [one] { $count } story
   *[other] { $count } stories
}
saved-heading = Saved stories
saved-none = Stories you save will be here: there is a button “Save” under every card.
button-open-saved = Open { $number }
button-drop-saved = Remove { $number }
button-save-md = Export .md
button-save-html = Export .html
command-saved = Saved stories
digest-further = More of this issue
