redraw-moved-up = The rest now fits into the message above.
