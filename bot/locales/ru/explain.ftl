explain-nothing = Такой новости в хранилище нет: { $asked }
explain-story = Новость { $id }: { $headline }
explain-items = Статьи: { $count }
explain-likeness = Сходство статей (одна новость — от { $threshold })
explain-other = { "  " }другая новость { $id } — { $value }: { $title }
explain-topics = Темы: { $topics }
explain-no-opinion = Мнения редакции нет.
explain-opinion = Мнение в статье { $number } под заголовком «{ $label }», знаков: { $size }
explain-rank = Место в выпуске сейчас: { $total } = источники и свежесть { $sources } × выбор читателя { $wanted } × новизна { $novelty }
