button-own-issue = My own issue
button-missed = The missed issue
button-doubt-arrived = It is there
button-doubt-again = Send it again
doubt-question = The connection to Telegram broke while I was posting an issue to “{ $title }”, and I could not find out whether it arrived. Please have a look: is it there?
doubt-arrived = Good, so it arrived.
doubt-again = Sending the issue once more.
