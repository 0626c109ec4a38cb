digest-title = Авто за день · { $day }
digest-counts = { $stories ->
    [one] { $stories } новость
    [few] { $stories } новости
   *[many] { $stories } новостей
} из { $sources ->
    [one] { $sources } источника
   *[other] { $sources } источников
} · { $minutes ->
    [one] { $minutes } минута
    [few] { $minutes } минуты
   *[many] { $minutes } минут
} чтения
digest-widened = За последние сутки ничего другого нового нет, поэтому здесь новости за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}.
digest-next = Следующий выпуск —
section-rest = Коротко
sources-more = { $source } и ещё { $count }
card-source = Источник: { $source }
card-related = Читайте также
ask-subscribe = Присылать такой выпуск каждый день?
nothing-since = С прошлого выпуска ({ $when }) в ваших темах новостей нет. Как только появятся, они войдут в следующий.
nothing-yet = Пока в ваших темах тихо: за три дня ни одной новости.
nothing-at-all = За три дня ни одной новости: такого почти не бывает. Загляните чуть позже.
nothing-left = Нового пока нет: всё подходящее за три дня вы уже получили.
