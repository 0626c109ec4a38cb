explain-nothing = There is no such story in the store: { $asked }
explain-story = Story { $id }: { $headline }
explain-items = Articles: { $count }
explain-likeness = Likeness of the articles (one story from { $threshold } on)
explain-other = { "  " }another story, { $id }, { $value }: { $title }
explain-topics = Topics: { $topics }
explain-no-opinion = No editor’s opinion.
explain-opinion = Opinion in article { $number } under “{ $label }”, characters: { $size }
explain-rank = Rank now: { $total } = sources and freshness { $sources } × reader’s choice { $wanted } × novelty { $novelty }
