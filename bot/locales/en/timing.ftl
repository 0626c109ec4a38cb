short-weekday-1 = Mon
short-weekday-2 = Tue
short-weekday-3 = Wed
short-weekday-4 = Thu
short-weekday-5 = Fri
short-weekday-6 = Sat
short-weekday-7 = Sun
next-issue = Next issue:
silently = (without sound)
times-title = Times of issue{ $where }
times-chosen = Now: { $times }.
times-hint = Up to { $most ->
    [one] once
   *[other] { $most } times
} a day. You can also just write “7:15 and 19:00” or “weekdays at 8”.
times-hint-channel = Up to { $most ->
    [one] once
   *[other] { $most } times
} a day. You can also write “7:15 and 19:00” or “weekdays at 8” in reply to this message.
times-daily = every day at { $times }
times-workdays = on weekdays at { $times }
times-weekend = at weekends at { $times }
times-some-days = { $days } at { $times }
times-weekly = once a week, { $when }
times-none = no issues
times-paused = paused
times-stopped = paused; after that, { $times }
times-resting = paused, back { $until }
times-enough = No more than { $most ->
    [one] one time
   *[other] { $most } times
} a day. Remove one first.
times-first = No more than { $most ->
    [one] one time
   *[other] { $most } times
} a day: I took the first { $most }.
times-not-read = I couldn’t read the time “{ $text }”. For example: /time 8:00 and 19:30
times-rounded = Rounded to the quarter of an hour: { $times }.
times-replaced = This takes the place of: { $times }.
weekly-day = On which day shall the week’s issue come?
weekly-hour = At what time { $day }?
instant-off = Nothing comes at once, everything waits for an issue
instant-breaking = Breaking news comes at once
instant-every = Every story comes at once
button-times-back = Put former times back
button-every-day = Every day
button-workdays = Weekdays
button-weekly = Once a week: { $when }
button-weekly-none = Once a week: no
button-weekly-off = Not at all
button-instant-off = Breaking: off
button-instant-breaking = Breaking: on
button-instant-every = At once: every story
button-quiet = Quiet hours: { $window }
button-zone = Time zone: { $city }, now { $clock }
zone-question = What time is it where you are? Tap your time, or type your city.
zone-question-channel = By which clock do posts come? Tap the time it is there now.
zone-set = Got it: it is { $clock } where you are
zone-set-city = { $city }: it is { $clock } there
zone-city-ask = Which city are you in? Write it in reply to this message.
zone-city-example = For example: Berlin
zone-city-unknown = I don’t know the city “{ $text }”. Write the nearest big one, or tap your time.
zone-which-city = Which of these? Tap yours.
zone-location-ask = Send me where you are: I look up what time it is there and keep no place.
zone-nearest = The nearest city is { $city }. Where you are I have already forgotten.
zone-no-location = All right, without a location.
zone-clock-right = Is it { $clock } where you are?
zone-no-such-clock = No clock on Earth shows that. Better write your city.
button-type-city = Type a city
button-location = By location
button-share-location = Send my location
button-no-location = Don’t send
button-other-country = Another country
button-other-city = Another city
button-russia = Russia
button-other-zone = My time is different
button-yes = Yes
button-hour-later = +1 h
button-hour-earlier = −1 h
quiet-title = Quiet hours{ $where }
quiet-now = Do not disturb: { $window }.
quiet-off = never
quiet-hint = Issues at times you chose come even then, but without a sound. Breaking news waits for the end of quiet hours or joins the next issue.
quiet-hint-posts = Issues at times you chose go out even then, but without a sound. Single stories wait for the end of quiet hours or join the next issue.
quiet-from = From what hour shall nothing ring?
quiet-to = Nothing rings from { $start }. Until what hour?
quiet-not-read = I couldn’t read the hours “{ $text }”. For example: /quiet 22-9 or /quiet off
quiet-same = “{ $text }” begins and ends at the same hour. Name two that differ, such as: 22 to 7
button-quiet-set = Do not disturb { $window }
button-quiet-own = Other hours
button-quiet-off = Off
pause-title = Pause{ $where }
pause-none = No pause is set.
pause-question = For how long? Then everything that gathered comes as one issue.
pause-until = The pause ends
pause-gathers = Everything that gathers comes as one issue.
pause-stopped = Issues have stopped until you resume them.
pause-ended = The pause is over.
pause-nothing = No issues come anyway, so there is nothing to pause. To start them: /time
pause-not-read = I couldn’t read for how long: “{ $text }”. For example: /mute 3 days, /mute until morning
pause-too-long = A pause lasts no longer than { $days ->
    [one] one day
   *[other] { $days } days
}. To stop issues altogether: /stop
button-unpause = End the pause
button-pause-1h = 1 hour
button-pause-1d = 1 day
button-pause-3d = 3 days
button-pause-7d = 7 days
button-pause-morning = Until morning
button-pause-always = Until I resume
when-date = on { $day } at { $clock }
