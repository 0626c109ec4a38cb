opinion-more = + мнение
opinion-more-plain = есть мнение
mark-corrected = Исправлено:
mark-corrected-at = текст уточнён в { $clock }
mark-retracted = Новость отозвана:
mark-retracted-which = «{ $headline }».
mark-retracted-why = Источник её не подтвердил.
mark-added = Дополнено в { $clock }: { $sources }
breaking-title = Срочно. { $headline }
breaking-confirmed = { $count ->
    [one] Подтвердил { $count } источник:
    [few] Подтвердили { $count } источника:
   *[many] Подтвердили { $count } источников:
}
breaking-others = и ещё { $count }
button-more = Ещё { $count }
button-back-plain = Назад
button-story = Новость { $number }
button-keep = Сохранить
button-kept = ✓ Сохранено
button-read = Читать ↗
button-read-plain = Читать статью
button-read-all = Читать полностью ↗
button-read-all-plain = Читать полностью
button-like = 👍
button-like-plain = Нравится
button-dislike = 👎
button-dislike-plain = Не нравится
button-hide = Меньше такого
button-why = Почему это здесь?
button-share = Поделиться
button-own-feed = Моя лента
story-gone = Эта новость уже удалена. Свежее — /digest
story-retracted = Новость отозвана.
kept = Сохранено. Всё сохранённое — /saved
kept-nearly-full = Сохранено { $count } из { $most }. Когда место кончится, самые старые уйдут первыми: выгрузите их в /saved.
unkept = Убрано из сохранённого
vote-for = Учту: больше такого
vote-against = Учту: меньше такого
vote-back = Оценка снята
vote-now-more = Теперь чаще показываю: { $topics }
why-topics = Темы: { $topics }.
why-importance = Важность { $importance } из 100: { $sources }, свежесть { $age }.
why-sources = { $count ->
    [one] { $count } источник
    [few] { $count } источника
   *[many] { $count } источников
}
why-rule = Правило: { $rule }.
why-theme = тема «{ $name }»
why-make = марка { $name }
why-words = свои слова «{ $text }»
why-everything = вы читаете все темы
why-opened = вы открыли её сами
why-other = вне ваших нынешних тем
why-votes-up = Ваши оценки подняли её выше.
why-votes-down = Ваши оценки опустили её ниже.
age-minutes = { $count } мин
age-hours = { $count } ч
age-days = { $count } { $count ->
    [one] день
    [few] дня
   *[many] дней
}
hide-question = Чего показывать меньше?
hide-how-long = { $what }. На сколько скрыть?
hide-last = { $what } — последнее, что осталось из ваших тем. Без этого выпуски будут пустыми. Скрыть?
hide-common = «{ $word }» — слово слишком общее: вместе с ним пропадёт большая часть новостей. Скрыть?
hide-done = Скрыто. { $what }. Всё скрытое — в /topics.
hide-undone = Снова показываю.
hide-left = Хорошо, всё остаётся как было.
hidden-theme = Тема: { $name }
hidden-make = Марка: { $name }
hidden-source = Источник: { $name }
hidden-word = Слово: { $name }
hidden-story = Только эта новость
hidden-line = { $what } — { $until }
hidden-until = до { $when }
hidden-ever = насовсем
button-hide-month = На { $days } дней
button-hide-ever = Навсегда
button-hide-sure = Всё равно скрыть
button-undo = Отменить
more-nothing = Больше в этом выпуске ничего нет. Свежее — /digest
saved-title = Сохранённое: { $count ->
    [one] { $count } новость
    [few] { $count } новости
   *[many] { $count } новостей
}
saved-heading = Сохранённые новости
saved-none = Здесь будут новости, которые вы сохраните: под каждой карточкой есть кнопка «Сохранить».
button-open-saved = Открыть { $number }
button-drop-saved = Убрать { $number }
button-save-md = Выгрузить .md
button-save-html = Выгрузить .html
command-saved = Сохранённые новости
digest-further = Ещё новости этого выпуска
