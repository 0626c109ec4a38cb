digest-title = Авто за день · { $day }
digest-title-days = Авто за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} · { $day }
digest-title-weekly = Авто за неделю · { $day }
digest-title-catch-up = Пока вас не было · { $day }
digest-counts = { $stories ->
    [one] { $stories } новость
    [few] { $stories } новости
   *[many] { $stories } новостей
} из { $sources ->
    [one] { $sources } источника
   *[other] { $sources } источников
}
digest-minutes = { $minutes ->
    [one] { $minutes } минута
    [few] { $minutes } минуты
   *[many] { $minutes } минут
} чтения
digest-missed = { $total ->
    [one] Накопилась { $total } новость
    [few] Накопилось { $total } новости
   *[many] Накопилось { $total } новостей
}, вот { $shown ->
    [one] { $shown } главная
    [few] { $shown } главные
   *[many] { $shown } главных
}.
digest-merged = Был перерыв в связи: собрали главное за это время, вместо { $issues ->
    [one] { $issues } выпуска
    [few] { $issues } выпусков
   *[many] { $issues } выпусков
} — один.
digest-widened = За последние сутки ничего другого нового нет, поэтому здесь новости за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}.
digest-next = Следующий выпуск —
section-lead = Главное
section-rest = Коротко
sources-more = { $source } и ещё { $count }
sources-more-plain = { $source } и ещё { $count }
source-in-en = на английском
source-in-ru = на русском
story-number = Новость { $number }.
card-source = Источник: { $source }
card-related = Читайте также
ask-subscribe = Присылать такой выпуск каждый день?
ask-resume = Выпуски остановлены. Возобновить их: { $times }?
nothing-since = С прошлого выпуска ({ $when }) в ваших темах новостей нет. Как только появятся, они войдут в следующий.
nothing-yet = Пока в ваших темах тихо: за три дня ни одной новости.
nothing-at-all = За три дня ни одной новости: такого почти не бывает. Загляните чуть позже.
nothing-left = Нового пока нет: всё подходящее за три дня вы уже получили.
